"""One object of an account put to the test: does it accept a filter, does the filter filter, does a node come along?"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.chargeover.answer import QuestionRefused
from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.object import Object
from pipelines.chargeover.where import clause, moment
from pipelines.errors import TryLater

_beyond_all_ids = 2**31 - 1
before_all, after_all = datetime(1971, 1, 1, tzinfo=UTC), datetime(2037, 12, 31, tzinfo=UTC)
_opposite = {"EQUALS": "NOTEQUALS", "NOTEQUALS": "EQUALS"}
_few = 10  # what an account gives without being asked for a number (docs: paging), so none refuses it


class Trial:
    """Answers are "yes", "no", or None where the records of the account cannot show it.

    HTTP 200 proves nothing: the server reads loosely and skips what it does not understand (recorded 2015). A filter
    that is skipped must not pass, and one that finds nothing whatever is asked would hide every change."""

    def __init__(self, chargeover: ChargeOver, kind: Object, zone: ZoneInfo) -> None:
        self._chargeover, self.kind, self._zone = chargeover, kind, zone
        self._counted: dict[str, int | None] = {}
        self.rows: list[dict[str, Any]] = []
        """The records that questions have brought to light."""

    @property
    def records(self) -> int:
        """How many there are, counted once; 0 also when ChargeOver does not say."""
        return self._above(0) or self.count() or 0

    def count(self, *where: str, again: bool = False) -> int | None:
        """How many records fit, None when ChargeOver refuses the question; the same question is not asked twice."""
        asked = ",".join(where)
        if again or asked not in self._counted:
            try:
                self._counted[asked] = self._chargeover.count(self.kind.name, where)
            except QuestionRefused:
                self._counted[asked] = None
        return self._counted[asked]

    def page(self, *, limit: int = _few, expand: str = "") -> list[dict[str, Any]] | None:
        """The first records, None when ChargeOver refuses the question."""
        try:
            rows = self._chargeover.page(self.kind.name, [], expand=[expand] if expand else [], limit=limit).rows
        except QuestionRefused:
            return None
        self.rows += rows
        return rows

    def since(self, field: str, instant: datetime, *where: str) -> int | None:
        """How many records have a time from an instant on, None when ChargeOver refuses the question."""
        return self.count(*where, clause(field, "GTE", moment(instant, self._zone)))

    def by_id(self) -> str | None:
        """Whether the list can be filtered by its id."""
        if self._above(0):
            return "yes" if self._above(_beyond_all_ids) == 0 else "no"
        everything = self.count()
        if everything is None:  # then the object itself is refused, or counting
            return None
        return "no" if everything or self._above(0) is None else None

    def by_time(self, field: str, *, of_all: bool) -> str | None:
        """Whether the list can be filtered by a time; ``of_all``: which every record has, so that a new one shows."""
        if not self.records:
            return None
        if self.since(field, after_all) != 0:
            return "no"
        found = self.since(field, before_all)
        if found is None or self._is_everything(found):
            return "no" if found is None else "yes"
        without = None if of_all else self.count(clause(field, "IS", "NULL"))
        if without is None or not self._is_everything(found + without):
            return "no"
        return "yes" if found else None

    def by_state(self, where: str) -> str | None:
        """Whether a clause and its opposite part the list; it takes records on both sides to tell."""
        if not self.records:
            return None
        field, operator, value = where.split(":")
        inside, outside = self.count(where), self.count(f"{field}:{_opposite[operator]}:{value}")
        if inside is None or outside is None or not self._is_everything(inside + outside):
            return "no"
        return "yes" if inside and outside else None

    def expands(self, node: str) -> str | None:
        """Whether records of a list carry the node that is asked for."""
        if not self.records:
            return None
        rows = self.page(expand=node)
        if rows is None:
            return "no"
        return ("yes" if any(node in row for row in rows) else "no") if rows else None

    def _above(self, record_id: int) -> int | None:
        return self.count(clause(self.kind.key, "GT", record_id))

    def _is_everything(self, found: int) -> bool:
        """Whether so many are all; records may come and go between two questions, but not all of them."""
        before = self.records
        if found == before:
            return True
        after = self.count(again=True)
        if not after:
            raise TryLater(f"ChargeOver {self.kind.name}: {before} records, and none a moment later; try again later")
        return min(before, after) <= found <= max(before, after)
