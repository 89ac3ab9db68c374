"""What a deed has changed, and by which signal that must be noticed at the latest, as the catalog promises."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from life import Life, kinds

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.signals import touched_by
from sandbox.chargeover.objects import KINDS

Row = dict[str, Any]
Record = tuple[str, int]
State = dict[Record, Row]


def state_of(life: Life) -> State:
    """Every record as ChargeOver shows it by id, those not seen yet too."""
    return {
        (name, row_id): KINDS[name].shown(life.company, row, alone=True)
        for name in kinds
        for row_id, row in life.company.tables[name].rows.items()
    }


@dataclass(frozen=True)
class Change:
    """One record before and after; None: there was or is none."""

    record: Record
    before: Row | None
    after: Row | None

    def has_moved(self, field: str) -> bool:
        return self.after is not None and self.after.get(field) != (self.before or {}).get(field)


def changes(before: State, after: State) -> dict[Record, Change]:
    """What differs."""
    return {
        each: Change(each, before.get(each), after.get(each))
        for each in before.keys() | after.keys()
        if before.get(each) != after.get(each)
    }


_touching = ("transaction", "invoice", "package", "user", "creditcard", "ach")
"""What touches others, those first that touch these; what is not mapped is not read, and touches nothing."""


class Witness:
    """Remembers which records only a sweep needs to show."""

    def __init__(
        self, life: Life, mapped: Collection[str], capabilities: Mapping[str, str], overlap: timedelta
    ) -> None:
        self._life, self._mapped, self._overlap = life, mapped, overlap
        self.kinds = {name: CATALOG[name].supported(capabilities) for name in kinds}
        self.later: set[Record] = set()

    def note(self, before: State, after: State, late_seconds: float = 0) -> None:
        """Judge what has happened between two moments."""
        changed = changes(before, after)
        is_too_late = late_seconds > self._overlap.total_seconds()
        soon = {each for each, change in changed.items() if self._shows_itself(change, is_too_late=is_too_late)}
        for name in (name for name in _touching if name in self._mapped):
            soon |= set(self._touched(name, changed, soon)) & changed.keys()
        self.later |= {each for each in changed.keys() - soon if each[0] in self._mapped}

    def _touched(self, name: str, changed: Mapping[Record, Change], soon: set[Record]) -> Iterator[Record]:
        for each in [each for each in soon if each[0] == name and changed[each].after is not None]:
            for touched, ids in touched_by(self.kinds[name], [changed[each].after or {}]).items():
                yield from ((touched, record_id) for record_id in ids)

    def _shows_itself(self, change: Change, *, is_too_late: bool) -> bool:
        """Whether its own cursor or its watched list shows it."""
        kind = self.kinds[change.record[0]]
        if not kind.cursors or (kind.watched and not kind.watched.field):
            return not (kind.name == "quote" and self._changes_only_children(change))
        if change.after is not None and any(change.has_moved(cursor) for cursor in kind.cursors):
            return not (is_too_late and change.before is None)
        return self._is_watched(change)

    def _is_watched(self, change: Change) -> bool:
        name, gone = change.record[0], change.after is None
        if self.kinds[name].children and not self.kinds[name].expand and self._changes_only_children(change):
            return False
        states = [row for row in (change.before, change.after) if row is not None]
        if name == "package":
            return not gone and any(row["package_status_state"] != "c" for row in states)
        if name == "invoice":
            return any(row["invoice_status_state"] == "o" for row in (states if not gone else states[:1]))
        if name == "transaction":
            made_at = self._life.company.tables[name].rows.get(change.record[1], {}).get("transaction_datetime", 0)
            return not gone and self._life.company.clock.now() - made_at < 59 * 86400
        return False

    def _changes_only_children(self, change: Change) -> bool:
        """Where lists show no children, these may change and nothing that the list shows does."""
        if change.before is None or change.after is None:
            return False
        return all(
            change.before[name] == value
            for name, value in change.after.items()
            if name not in {"line_items", "packages", "invoices", "applied_to"}
        )
