"""The records of one object that a run reads, each once: staged, and what they touch noted in the inbox."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.many import read_many
from pipelines.chargeover.object import Object
from pipelines.chargeover.records import id_of
from pipelines.chargeover.signals import TOUCHED_BY, Reading, touched_by
from pipelines.ledger.ledger import Ledger
from pipelines.sync.absent import note_back
from pipelines.sync.stager import Stager
from pipelines.sync.watch import move_marks

Row = dict[str, Any]


class Gathering:
    """What has been read so far; ``mapped`` names the objects for which it is worth noting that they were touched."""

    def __init__(
        self, chargeover: ChargeOver, kind: Object, ledger: Ledger, stager: Stager, mapped: Collection[str]
    ) -> None:
        self.kind = kind
        self._chargeover, self._ledger, self._stager, self._mapped = chargeover, ledger, stager, mapped
        self.read: dict[int, int] = {}
        """Record id to the last hint that was in the inbox before the record was read."""
        self.gone: set[int] = set()
        self.announced: dict[int, datetime] = {}
        """Record id to when a webhook named it."""
        self._seen_at: dict[int, datetime] = {}

    def take(self, reading: Reading, number: int, touching: Callable[[Row], bool]) -> None:
        """Stage the records that were not read before; ``number`` is the last hint given before this was asked for.

        What they touch is noted first, so that a run that dies forgets no change."""
        rows = [row for row in reading.rows if id_of(self.kind, row) not in self.read]
        self.read |= {id_of(self.kind, row): number for row in rows} | dict.fromkeys(reading.gone, number)
        self.gone.update(reading.gone)
        self._seen_at |= {id_of(self.kind, row): reading.observed_at for row in rows}
        for name, ids in touched_by(self.kind, [row for row in rows if touching(row)]).items():
            if name in self._mapped:
                fresh = self._seen_with(ids, reading.observed_at) if name == self.kind.name else set()
                self._ledger.note(name, ids - fresh, f"{TOUCHED_BY} {self.kind.name}", self._chargeover.now())
        move_marks(self._ledger, self.kind, reading.signal, rows, reading.observed_at)
        note_back(self._ledger, self.kind.name, [id_of(self.kind, row) for row in rows], reading.observed_at)
        self._stager.add(Reading(reading.signal, rows, reading.observed_at, announced=self.announced))

    def _seen_with(self, ids: set[int], observed_at: datetime) -> set[int]:
        """Those that were seen no earlier than what touches them, so that they showed its effect."""
        return {each for each in ids if each in self._seen_at and self._seen_at[each] >= observed_at}

    def read_ids(self, signal: str, ids: Iterable[int], touching: Callable[[Row], bool]) -> None:
        """Read records by id that were not read before, in as few calls as there can be."""
        unread = set(ids) - self.read.keys()
        if not unread:
            return
        number = self._ledger.last_hint()
        for seen, gone in read_many(self._chargeover.on_behalf_of(signal), self.kind, unread):
            self.take(Reading(signal, seen.rows, seen.observed_at, gone), number, touching)


def always(_: Row) -> bool:
    """Every record read may have changed since it was last read."""
    return True


def never(_: Row) -> bool:
    """Most of the records read are as they were: what they touch is found by its own signals."""
    return False
