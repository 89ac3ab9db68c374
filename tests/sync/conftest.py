"""A sync without Dagster: the three layers called one after another, as the assets call them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.chargeover.catalog import CATALOG, vocabulary
from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.mapping.reading import Shelf, read_mappings
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, read_settings
from pipelines.sync.accounts import chargeover_of, org_of
from pipelines.sync.extract import Source, extract
from pipelines.sync.load import Loaded, Loader, Staged
from pipelines.sync.map import map_records
from pipelines.sync.staging import Staging
from pipelines.sync.writer import Run

order = ("transaction", "invoice", "package", "customer", "user", "item", "quote", "creditcard", "ach")


@dataclass
class Syncing:
    """Runs that follow one another on one ledger; every run is numbered."""

    ledger: Ledger
    staging: Staging
    runs: int = 0
    calls: dict[str, int] = field(default_factory=dict)

    def shelf(self) -> Shelf:
        return read_mappings(read_settings(ProjectSettings).mappings, vocabulary())

    def extract(self, *, whole: bool = False, objects: tuple[str, ...] = order) -> None:
        """Stage what changed of these objects as the next run."""
        self.runs += 1
        settings, shelf = read_settings(ChargeOverSettings), self.shelf()
        source = Source(chargeover_of(settings), settings.zone, timedelta(seconds=settings.overlap_seconds))
        for name in (name for name in objects if any(each.object == name for each in shelf.mappings)):
            mappings = [each for each in shelf.mappings if each.object == name]
            dataset = self.staging.dataset(str(self.runs), "chargeover", name)
            extract(source, CATALOG[name], mappings, self.ledger, dataset, whole=whole)
        self.calls["chargeover"] = source.chargeover.calls

    def map(self) -> list[Staged]:
        """Stage the payloads of all that the run has extracted."""
        zone, work = read_settings(ChargeOverSettings).zone, []
        for mapping in self.shelf().mappings:
            records = self.staging.dataset(str(self.runs), "chargeover", mapping.object)
            if records.is_closed:
                payloads = self.staging.dataset(str(self.runs), "mapped", mapping.name)
                map_records(mapping, CATALOG[mapping.object], records, payloads, zone)
                work.append(Staged(mapping, CATALOG[mapping.object], payloads, records))
        return work

    def load(self, work: list[Staged], *, resend: bool = False) -> dict[str, Loaded]:
        """Load them; what was loaded, by sObject."""
        shelf = self.shelf()
        run = Run(str(self.runs), lambda: datetime.now(UTC), {each.to: each.fingerprint for each in shelf.mappings})
        keys = {each.to: each.external_id for each in shelf.mappings}
        loader = Loader(org_of(read_settings(SalesforceSettings)), self.ledger, run, keys, resend=resend)
        return {loaded.mapping.to: loaded for loaded in loader.load(work)}

    def __call__(
        self, *, whole: bool = False, resend: bool = False, objects: tuple[str, ...] = order
    ) -> dict[str, dict[str, int]]:
        """One whole run; the counts that are not zero, by sObject."""
        self.extract(whole=whole, objects=objects)
        counts = {name: loaded.tally.as_numbers() for name, loaded in self.load(self.map(), resend=resend).items()}
        return {
            name: {verdict: n for verdict, n in each.items() if n}
            for name, each in counts.items()
            if any(each.values())
        }


@pytest.fixture
def sync(world: object) -> Iterator[Syncing]:
    project = read_settings(ProjectSettings)
    with open_ledger(project.ledger_url) as ledger:
        yield Syncing(ledger, Staging(project.staging_url))
