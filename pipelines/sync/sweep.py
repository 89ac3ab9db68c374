"""Sweep: all records of an object compared with the ledger, in one go or a stretch at a time."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from pipelines.chargeover.client import Seen
from pipelines.chargeover.object import Object
from pipelines.chargeover.records import changed_at, id_of, read_list
from pipelines.chargeover.signals import Reading
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.walks import Walk
from pipelines.sync.absent import count_known, known_ids
from pipelines.sync.brake import most_believed
from pipelines.sync.gathering import Gathering, Row, never
from pipelines.sync.source import Source
from pipelines.sync.walking import calls_left, going_on, is_due

name = "sweep"


class Sweep:
    """The walk over all records of one object; ``walk`` is how far it came in this run, None if it was not its turn."""

    def __init__(
        self, source: Source, ledger: Ledger, sobjects: Collection[str], gathering: Gathering, *, accept_deletes: bool
    ) -> None:
        self._source, self._ledger, self._sobjects, self._gathering = source, ledger, sobjects, gathering
        self._kind, self._accept_deletes = gathering.kind, accept_deletes
        self.walk: Walk | None = None
        self.is_whole = False

    def all(self) -> None:
        """Read everything now, whatever it costs."""
        number = self._ledger.last_hint()
        walk = Walk(position=0, started_at=self._source.chargeover.now(), ended_at=None, seen=0, missing=0)
        self._go(walk, "everything", number, self._is_news(), most_calls=None)
        self.is_whole = True

    def stretch(self) -> None:
        """Read the next pages if it is their turn, as far as the budget goes."""
        walk, at = self._ledger.walk(self._kind.name, name), self._source.chargeover.now()
        if not is_due(walk, self._source.pace.sweep_every, at):
            return
        most = calls_left(self._ledger, self._source.account, name, self._source.pace.sweep_calls_per_minute)
        if most > 0:
            share = max(1, most // self._sweeps_due(at))
            self._go(going_on(walk, at), name, self._ledger.last_hint(), never, most_calls=share)

    def _sweeps_due(self, at: datetime) -> int:
        """How many sweeps share the budget: one that is long must not keep the others from theirs."""
        walks, every = self._ledger.walks(), self._source.pace.sweep_every
        due = {kind for (kind, walk_name), walk in walks.items() if walk_name == name and is_due(walk, every, at)}
        return len(due | {self._kind.name})

    def _go(
        self, walk: Walk, signal: str, number: int, touching: Callable[[Row], bool], *, most_calls: int | None
    ) -> None:
        chargeover = self._source.chargeover.on_behalf_of(signal)
        calls_before = chargeover.own_calls(self._kind.name)
        for seen in read_list(chargeover, self._kind, above=walk.position):
            self._gathering.take(Reading(signal, seen.rows, seen.observed_at), number, touching)
            room = most_calls and most_calls - (chargeover.own_calls(self._kind.name) - calls_before)
            walk = self._pass(walk, seen, signal, room)
            spent = chargeover.own_calls(self._kind.name) - calls_before
            if walk.ended_at or _is_short_of(walk, seen, self._kind) or (most_calls and spent >= most_calls):
                break
        self.walk = walk

    def _pass(self, walk: Walk, seen: Seen, signal: str, room: int | None) -> Walk:
        """One page passed: what the ledger knows in its span of ids and it did not show is read by id, as far as there
        is ``room`` for calls; too many of them are only counted, for the brake."""
        ids = {id_of(self._kind, row) for row in seen.rows}
        upto = None if seen.is_last else max(ids)
        known = known_ids(self._ledger, self._kind.name, self._sobjects, walk.position, upto)
        missing = sorted(known - ids - self._gathering.read.keys())
        walk = replace(walk, position=upto or 0, seen=walk.seen + len(ids), ended_at=self._end(upto))
        if self._accept_deletes:
            self._gathering.gone.update(missing)
        elif walk.missing + len(missing) > self._most_believed():
            walk = replace(walk, missing=walk.missing + len(missing))
        elif room is not None and len(missing) > max(room, 1):
            missing = missing[: max(room, 1)]
            walk = replace(walk, position=missing[-1], ended_at=None)
            self._gathering.read_ids(signal, missing, never)
        else:
            self._gathering.read_ids(signal, missing, never)
        return walk

    def _end(self, upto: int | None) -> datetime | None:
        return self._source.chargeover.now() if upto is None else None

    def _most_believed(self) -> int:
        known = count_known(self._ledger, self._kind.name, self._sobjects)
        return most_believed(known, self._source.pace.deletes_at_most_percent)

    def _is_news(self) -> Callable[[Row], bool]:
        """Records that have changed since anything was last synced, or are hinted at; most are as they were."""
        zone = self._source.zone
        since = min((each.end_at for each in self._ledger.watermarks().values()), default=None)
        if since is None:
            return never
        hinted, start_at = self._ledger.hints(self._kind.name), since - self._source.overlap
        return lambda row: id_of(self._kind, row) in hinted or _is_after(changed_at(self._kind, row, zone), start_at)


def _is_short_of(walk: Walk, seen: Seen, kind: Object) -> bool:
    """Whether the walk stopped inside a page."""
    return bool(seen.rows) and walk.position < id_of(kind, seen.rows[-1])


def _is_after(moment: datetime | None, start_at: datetime) -> bool:
    return moment is not None and moment >= start_at
