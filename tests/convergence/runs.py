"""Runs of the sync on one ledger and one org, as the sensor starts them or as a person does; some of them die."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from virtual_time import VirtualTime

from pipelines.chargeover.catalog import CATALOG
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.reading import Shelf
from pipelines.salesforce.org import Org
from pipelines.settings import ChargeOverSettings
from pipelines.sync.extract import Extent, Wanted, extract
from pipelines.sync.load import Loader, Staged
from pipelines.sync.map import map_records
from pipelines.sync.run import Run
from pipelines.sync.settle import settle
from pipelines.sync.source import Source, source_of
from pipelines.sync.staging import Manifest, Staging
from pipelines.sync.turn import objects_with_news

order = ("transaction", "invoice", "package", "user", "creditcard", "ach", "customer", "item", "quote")


class KilledError(BaseException):
    """Ends a run as a signal does: nothing that catches errors sees it."""


@dataclass
class Runs:
    """Runs that follow one another; every run is numbered."""

    settings: ChargeOverSettings
    ledger: Ledger
    staging: Staging
    shelf: Shelf
    org: Org
    time: VirtualTime
    path: Path
    """Of the ledger."""
    page_limit: int
    """The longest page that is asked for."""
    runs: int = 0
    has_failed: bool = False
    read: dict[str, Manifest] = field(default_factory=dict)
    clock: Callable[[], datetime] = field(init=False)
    """What the loader asks for the time."""

    def __post_init__(self) -> None:
        self.clock = self.time.now

    def source(self) -> Source:
        """The account, as a run finds it."""
        source = source_of(self.settings, self.ledger)
        source.chargeover.cap_pages(self.page_limit)
        return source

    @property
    def objects(self) -> list[str]:
        """Those that have a mapping, in the order in which one touches the next."""
        mapped = {each.object for each in self.shelf.mappings}
        return [name for name in order if name in mapped]

    def extract(self, objects: Sequence[str] = order, **extent: bool) -> list[Staged]:
        """Stage what changed of these objects as the next run, and what becomes of it."""
        self.runs += 1
        wanted = [
            Wanted(
                CATALOG[name],
                [each for each in self.shelf.mappings if each.object == name],
                self.staging.dataset(str(self.runs), "chargeover", name),
            )
            for name in self.objects
            if name in objects
        ]
        manifests = extract(self.source(), wanted, self.ledger, self.objects, Extent(**extent))
        self.read = {kind.name: manifest for kind, manifest in manifests}
        return [self._map(mapping) for mapping in self.shelf.mappings if mapping.object in self.read]

    def _map(self, mapping: Any) -> Staged:
        records = self.staging.dataset(str(self.runs), "chargeover", mapping.object)
        payloads = self.staging.dataset(str(self.runs), "mapped", mapping.name)
        map_records(mapping, CATALOG[mapping.object], records, payloads, self.settings.zone)
        return Staged(mapping, CATALOG[mapping.object], payloads, records)

    def load(self, work: Sequence[Staged], *, resend: bool = False) -> None:
        """Load what a run has staged."""
        fingerprints = {each.to: each.fingerprint for each in self.shelf.mappings}
        keys = {each.to: each.external_id for each in self.shelf.mappings}
        run = Run(str(self.runs), self.clock, fingerprints)
        for loaded in Loader(self.org, self.ledger, run, keys, resend=resend).load(work):
            assert not loaded.is_stopped, loaded.misfits
        settle(self.ledger, self.shelf, work)

    def __call__(self, objects: Sequence[str] = order, *, resend: bool = False, **extent: bool) -> None:
        """One whole run."""
        self.load(self.extract(objects, **extent), resend=resend)
        self.has_failed = False

    def news(self) -> list[str]:
        """The objects that the sensor would ask a run for now."""
        news = objects_with_news(self.source(), self.ledger, self.shelf, polls=True, again=self.has_failed)
        reached = set().union(*(_reached(name) for name in news))
        return [name for name in self.objects if name in reached]

    def sense(self) -> list[str]:
        """What the sensor does at one of its turns: a paced run over what has news, if anything has."""
        news = self.news()
        if news:
            self(news, paced=True)
        return news


def _reached(name: str) -> set[str]:
    return {name}.union(*(_reached(other) for other in CATALOG[name].touches if other != name))
