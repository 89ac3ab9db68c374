"""Sweep: all records of an object compared with the ledger, in one go or a stretch at a time."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from pipelines.chargeover.records import changed_at, id_of, read_list
from pipelines.chargeover.signals import Reading
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.walks import Walk
from pipelines.sync.gathering import Gathering, Row, never
from pipelines.sync.source import Source
from pipelines.sync.walking import calls_left, going_on, is_due

name = "sweep"


class Sweep:
    """The walk over all records of one object; ``walk`` is how far it came in this run, None if it was not its turn."""

    def __init__(self, source: Source, ledger: Ledger, sobjects: Collection[str], gathering: Gathering) -> None:
        self._source, self._ledger, self._sobjects, self._gathering = source, ledger, sobjects, gathering
        self.walk: Walk | None = None

    def all(self) -> None:
        """Read everything now, whatever it costs."""
        walk = Walk(position=0, started_at=self._source.chargeover.now(), ended_at=None, seen=0, missing=0)
        self._go(walk, "everything", self._is_news(), most_calls=None)

    def stretch(self) -> None:
        """Read the next pages if it is their turn, as far as the budget goes."""
        at, kind = self._source.chargeover.now(), self._gathering.kind
        walk = self._ledger.walk(kind.name, name)
        most = calls_left(self._ledger, self._source.account, name, self._source.pace.sweep_calls_per_minute)
        if most > 0 and is_due(walk, self._source.pace.sweep_every, at):
            self._go(going_on(walk, at), name, never, most_calls=most)

    def _go(self, walk: Walk, signal: str, touching: Callable[[Row], bool], *, most_calls: int | None) -> None:
        kind, chargeover = self._gathering.kind, self._source.chargeover.on_behalf_of(signal)
        calls_before, number = chargeover.own_calls(kind.name), self._ledger.last_hint()
        for seen in read_list(chargeover, kind, above=walk.position):
            ids = [id_of(kind, row) for row in seen.rows]
            self._gathering.take(Reading(signal, seen.rows, seen.observed_at), number, touching)
            upto = None if seen.is_last else max(ids)
            missing = self._ledger.record_ids(kind.name, self._sobjects, walk.position, upto) - set(ids)
            self._gathering.read_ids(name, missing, never)
            ended_at = self._source.chargeover.now() if seen.is_last else None
            walk = replace(walk, position=upto or 0, seen=walk.seen + len(ids), ended_at=ended_at)
            if most_calls is not None and chargeover.own_calls(kind.name) - calls_before >= most_calls:
                break
        self.walk = walk

    def _is_news(self) -> Callable[[Row], bool]:
        """Records that have changed since anything was last synced, or are hinted at; most are as they were."""
        kind, zone = self._gathering.kind, self._source.zone
        since = min((each.end_at for each in self._ledger.watermarks().values()), default=None)
        if since is None:
            return never
        hinted, start_at = self._ledger.hints(kind.name), since - self._source.overlap
        return lambda row: id_of(kind, row) in hinted or _is_after(changed_at(kind, row, zone), start_at)


def _is_after(moment: datetime | None, start_at: datetime) -> bool:
    return moment is not None and moment >= start_at
