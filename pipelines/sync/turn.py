"""Whose turn it is: objects that ChargeOver shows to have changed, that are hinted at, whose owed rows or whose list
are due; each with the signal that says so."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from pipelines.chargeover.answer import QuestionRefused
from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.object import Object
from pipelines.chargeover.where import between
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.watermarks import Watermark
from pipelines.mapping.shelf import Shelf
from pipelines.sync.source import Source
from pipelines.sync.walking import calls_left, is_due

_at_once = 4
Point = TypeVar("Point", int, datetime)


def objects_with_news(source: Source, ledger: Ledger, shelf: Shelf, *, polls: bool, again: bool) -> dict[str, str]:
    """The objects that a run should read now, each with the signal that shows it; ``polls`` asks ChargeOver too,
    ``again`` after a run has failed."""
    ledger.recall(source.chargeover.now())
    turns = _turns(source, ledger, shelf, again=again)
    found = {each.kind.name: signal for each in turns if (signal := each.signal())}
    quiet = [each for each in turns if polls and each.end_at and each.kind.name not in found]
    with ThreadPoolExecutor(_at_once) as pool:
        changed = pool.map(_Turn.has_changed, quiet)
        return found | {each.kind.name: "cursor" for each, has in zip(quiet, changed, strict=True) if has}


def _turns(source: Source, ledger: Ledger, shelf: Shelf, *, again: bool) -> list["_Turn"]:
    """One for each object that is mapped."""
    watermarks, hints, found = ledger.watermarks(), ledger.newest_hints(), []
    for kind in CATALOG.values():
        known = {each.to: watermarks.get(each.to) for each in shelf.mappings if each.object == kind.name}
        own = {signal: number for (name, signal), number in hints.items() if name == kind.name}
        if known:
            supported = kind.supported(source.capabilities)
            found.append(_Turn(source, ledger, supported, known, own, again))
    return found


@dataclass(frozen=True, slots=True)
class _Turn:
    """One object: how far its mappings were synced, and the newest number of its hints by signal.

    It is looked at from its newest watermark, and ``again``, after a failed run, from the oldest: a mapping that does
    not fit the org keeps an old one, and would start run after run."""

    source: Source
    ledger: Ledger
    kind: Object
    known: Mapping[str, Watermark | None]
    hints: Mapping[str, int]
    again: bool

    @property
    def end_at(self) -> datetime | None:
        """From when on changes are news; None before the first sync."""
        ends = [each.end_at for each in self.known.values() if each]
        return self._pick(ends) if ends else None

    def _pick(self, ends: list[Point]) -> Point:
        return min(ends) if self.again else max(ends)

    def signal(self) -> str:
        """What shows news without a call to ChargeOver; nothing if nothing does."""
        now, end_at = self.source.chargeover.now(), self.end_at
        if end_at is None:  # now and then, not at each turn: perhaps its mapping does not fit the org
            due = is_due(self.ledger.walk(self.kind.name, "sweep"), self.source.pace.watch_every, now)
            return "first sync" if due else ""
        hint = self._pick([each.hint for each in self.known.values() if each])
        hinted = sorted(signal for signal, number in self.hints.items() if number > hint)
        if hinted:
            return hinted[0] if len(hinted) == 1 else f"{hinted[0]} and others"
        return self._due(now) or ("owed" if self.ledger.came_due(self.known, end_at, now) else "")

    def _due(self, now: datetime) -> str:
        """A watched list whenever it is its turn, a sweep whenever ten minutes' worth of its calls have come
        together."""
        ledger, pace, account = self.ledger, self.source.pace, self.source.account
        if self.kind.watched and is_due(ledger.walk(self.kind.name, "watch"), pace.watch_every, now):
            return "watch" if calls_left(ledger, account, "watch", pace.watch_calls_per_minute) > 0 else ""
        if not is_due(ledger.walk(self.kind.name, "sweep"), pace.sweep_every, now):
            return ""
        per_minute = pace.sweep_calls_per_minute
        return "sweep" if calls_left(ledger, account, "sweep", per_minute) >= 10 * per_minute else ""

    def has_changed(self) -> bool:
        """Whether ChargeOver has changes by cursor. Only times up to now count, as in a run's window: one that lies
        ahead would ask for run after run."""
        chargeover, zone = self.source.chargeover.on_behalf_of("cursor"), self.source.zone
        since, until = self.end_at, chargeover.now() + timedelta(seconds=1)
        assert since is not None
        spans = (between(cursor, since, until, zone) for cursor in self.kind.cursors)
        try:
            return any(chargeover.count(self.kind.name, span) for span in spans)
        except QuestionRefused:
            return True  # the run is refused too, remembers it, and reads everything
