"""What a deed has changed, and by which signal it must show at the latest: the catalog's promise, record by record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from life import Life
from runs import Runs

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.object import Object
from pipelines.chargeover.signals import touched_by
from sandbox.chargeover.objects import KINDS

Row = dict[str, Any]
Record = tuple[str, int]
State = dict[Record, Row]

_touching = ("transaction", "invoice", "package", "user", "creditcard", "ach")
"""What touches others, those first that touch these; what is not mapped is not read, and touches nothing."""

_watched_days = 59  # of transactions the last 60 are watched


@dataclass(frozen=True)
class Change:
    """One record before and after; None: there was or is none."""

    kind: Object
    before: Row | None
    after: Row | None

    def shows_in_lists(self) -> bool:
        """Whether lists show it: some show no children, so that these may change and nothing else does."""
        return self._listed(self.before) != self._listed(self.after)

    def _listed(self, row: Row | None) -> Row | None:
        nodes = {each.name for each in self.kind.children} - set(self.kind.expand)
        hidden = nodes | KINDS[self.kind.name].alone.keys()
        return row and {name: value for name, value in row.items() if name not in hidden}

    def moves_a_cursor(self) -> bool:
        """Whether a time field by which new and edited records are found is another one now."""
        before, after = self.before or {}, self.after
        return after is not None and any(after.get(each) != before.get(each) for each in self.kind.cursors)


class Witness:
    """Remembers which records only a sweep needs to show."""

    def __init__(self, life: Life, runs: Runs, overlap: timedelta) -> None:
        self._life, self._runs, self._mapped, self._overlap = life, runs, runs.objects, overlap
        capabilities = runs.source().capabilities
        self._kinds = {name: CATALOG[name].supported(capabilities) for name in self._mapped}
        self._entered: dict[Record, datetime] = {}
        """When a record that had left its watched list came into it again."""
        self.later: set[Record] = set()
        self._last = self._state()

    def note(self, late_seconds: float = 0) -> None:
        """Judge what has happened since the last time; what is new appears so much later."""
        is_too_late = late_seconds > self._overlap.total_seconds()
        before, self._last = self._last, self._state()
        changed = {
            each: Change(self._kinds[each[0]], before.get(each), self._last.get(each))
            for each in before.keys() | self._last.keys()
            if before.get(each) != self._last.get(each)
        }
        soon = {each for each, change in changed.items() if self._shows_itself(change, is_too_late=is_too_late)}
        for name in (name for name in _touching if name in self._mapped):
            soon |= set(self._touched(name, changed, soon)) & changed.keys()
        self.later |= changed.keys() - soon
        for record, change in changed.items():
            self._follow_list(record, change)

    def _state(self) -> State:
        """Every record that is mapped, as ChargeOver shows it by id, those not seen yet too."""
        company = self._life.company
        return {
            (name, row_id): KINDS[name].shown(company, row, alone=True)
            for name in self._mapped
            for row_id, row in company.tables[name].rows.items()
        }

    def _follow_list(self, record: Record, change: Change) -> None:
        """What came into a list and left it between two walks was never seen in it, nor was what it has touched."""
        watched = change.kind.watched
        if watched is None or not watched.where or change.before is None:
            return
        was, now = watched.has(change.before), change.after is not None and watched.has(change.after)
        if now and not was:
            self._entered[record] = self._life.company.clock.moment()
        elif was and not now and not self._was_walked_since(record):
            self.later |= self._reached(record, change.after or change.before)

    def _was_walked_since(self, record: Record) -> bool:
        entered, walk = self._entered.get(record), self._runs.ledger.walk(record[0], "watch")
        return entered is None or (walk is not None and walk.started_at > entered)

    def _reached(self, record: Record, row: Row) -> set[Record]:
        found = {record}
        for name, ids in touched_by(self._kinds[record[0]], [row]).items():
            for each in ids if name in self._mapped else ():
                stored = self._life.company.tables[name].get(each)
                found |= self._reached((name, each), stored) if stored else {(name, each)}
        return found

    def _touched(self, name: str, changed: Mapping[Record, Change], soon: set[Record]) -> Iterator[Record]:
        for each in [each for each in soon if each[0] == name]:
            row = changed[each].after or changed[each].before or {}  # a watched list remembers what its records touch
            for touched, ids in touched_by(self._kinds[name], [row]).items():
                yield from ((touched, record_id) for record_id in ids)

    def _shows_itself(self, change: Change, *, is_too_late: bool) -> bool:
        """Whether its own cursor or its watched list shows it."""
        if change.moves_a_cursor():
            return not (is_too_late and change.before is None)
        return change.kind.watched is not None and change.shows_in_lists() and self._is_watched(change)

    def _is_watched(self, change: Change) -> bool:
        """Whether the record is or was in the watched list."""
        watched, states = change.kind.watched, [row for row in (change.before, change.after) if row is not None]
        if watched is None or not watched.field:
            return True
        if watched.recent:
            return change.after is not None and self._is_recent(states[-1])
        if change.kind.name == "package" and change.after is None:
            return False
        return any(map(watched.has, states))

    def _is_recent(self, row: Row) -> bool:
        made = self._life.company.tables["transaction"].rows[row["transaction_id"]]["transaction_datetime"]
        return bool(self._life.company.clock.now() - made < _watched_days * 86_400)
