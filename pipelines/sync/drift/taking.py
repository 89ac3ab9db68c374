"""Taking back: what somebody else has changed is sent again, as ChargeOver has it now, by the loader of every sync.

The ledger first forgets that Salesforce holds these fields, and hints at their records: a process that dies now leaves
the rest to the next sync."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.many import read_many
from pipelines.chargeover.signals import Reading, Window
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.rows import Known
from pipelines.mapping.model import Mapping
from pipelines.mapping.shelf import Shelf
from pipelines.mapping.slots import forgotten
from pipelines.sync.drift import SIGNAL
from pipelines.sync.drift.found import Compared, Drifted
from pipelines.sync.extract import kind_of
from pipelines.sync.load import Loader
from pipelines.sync.map import map_records
from pipelines.sync.source import Source
from pipelines.sync.staged import Staged
from pipelines.sync.stager import Stager
from pipelines.sync.staging import Staging

_MARK = "drift"
"""In the place of a fingerprint: what was accepted is known, and Salesforce does not hold all of it."""

Rows = dict[str, tuple[Known, Known]]
"""By external id what the ledger knows, and what is left of it."""


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Sends what drifted; its rows are written by ``loader``, whose run the log names."""

    source: Source
    ledger: Ledger
    shelf: Shelf
    loader: Loader

    def take_back(self, compared: Collection[Compared], *, everything: bool) -> list[Compared]:
        """Send again what the mappings say, or ``everything``; the same with the numbers of rows that have landed."""
        chosen = {each.mapping.to: _chosen(each.drifted, everything=everything) for each in compared}
        now, ids = self.loader.run.now(), defaultdict[str, set[int]](set)
        sent = {sobject: self.ledger.renounce(sobject, rows, SIGNAL, now) for sobject, rows in chosen.items()}
        for known, _ in (chosen[sobject][key] for sobject, keys in sent.items() for key in keys):
            ids[known.object].add(known.record_id)
        if ids:
            self._send(ids, {sobject for sobject, keys in sent.items() if keys})
        return [self._told(each, sent[each.mapping.to], everything=everything) for each in compared]

    def _send(self, ids: dict[str, set[int]], sobjects: Collection[str]) -> None:
        self.loader.moves_watermarks = False
        with TemporaryDirectory(prefix="co2sf-drift-") as folder:
            staging = Staging(folder)
            wanted = [each for each in self.shelf.mappings if each.to in sobjects and each.object in ids]
            work = list(self._staged(staging, wanted, ids))
            for _ in self.loader.load([each for one in wanted for each in work if each.mapping is one]):
                pass
        for name, some in ids.items():
            self.ledger.take_back(name, some, SIGNAL)

    def _staged(self, staging: Staging, wanted: list[Mapping], ids: dict[str, set[int]]) -> Iterator[Staged]:
        for name, some in ids.items():
            mine = [each for each in wanted if each.object == name]
            kind, now = kind_of(self.source, CATALOG[name], mine), self.source.chargeover.now()
            records = staging.dataset(SIGNAL, "chargeover", name).open()
            stager = Stager(kind, records, self.source.zone)
            for seen, _ in read_many(self.source.chargeover.on_behalf_of(SIGNAL), kind, some):
                stager.add(Reading(SIGNAL, seen.rows, seen.observed_at))
            stager.close(Window(None, now))
            for mapping in mine:
                payloads = staging.dataset(SIGNAL, "mapped", mapping.name)
                map_records(mapping, kind, records, payloads, self.source.zone)
                yield Staged(mapping, kind, payloads, records)

    def _told(self, compared: Compared, sent: Collection[str], *, everything: bool) -> Compared:
        now = self.ledger.known(compared.mapping.to, sent)
        landed = {key for key, each in now.items() if each.fingerprint not in {"", _MARK}}
        wholly = [each for each in compared.drifted if each.to_take_back(everything=everything) == each.names]
        settled = sum(each.external_id in landed for each in wholly)
        return replace(compared, taken_back=len(landed), settled=settled)


def _chosen(drifted: Iterable[Drifted], *, everything: bool) -> Rows:
    chosen: Rows = {}
    for each in drifted:
        names = each.to_take_back(everything=everything)
        if names is not None:
            chosen[each.external_id] = each.known, _left(each, names)
    return chosen


def _left(drifted: Drifted, names: tuple[str, ...]) -> Known:
    """What is left of what was accepted: all but some fields; nothing certain of a row that is deleted."""
    known = drifted.known
    if not names:
        return replace(known, fingerprint="")
    slots = forgotten(drifted.mapping.written, known.slots, names)
    return replace(known, fingerprint=_MARK, slots=slots, origin="")
