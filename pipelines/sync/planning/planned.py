"""A plan: the rows that a sync would write or owe, field by field, and what that costs."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from pipelines.ledger.outcome import OWED, WRITTEN, Verdict

Counts = dict[str, int]


class Said(BaseModel):
    """What a plan file says: frozen, and every unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(Said):
    """One field or lookup (by the parent's external id) as text: numbers plain, true or false, None for nothing."""

    field: str
    old: str | None
    new: str | None


class Row(Said):
    """One row that would not stay as it is."""

    object: str
    record_id: int
    sobject: str
    external_id: str
    """Empty when the mapping could not make one."""
    verdict: Verdict
    fingerprint: str = ""
    """Of what would be sent."""
    changes: tuple[Change, ...] = ()
    """The fields that would become others in Salesforce; of a new row all that have a value."""
    code: str = ""
    field: str = ""
    message: str = ""
    is_news: bool = True
    """Not of a row that is owed already, for the same reason."""

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells rows apart: two records may claim the same external id."""
        return self.sobject, self.record_id, self.external_id

    @property
    def name(self) -> str:
        """The row in words."""
        return f"{self.object}:{self.record_id} -> {self.sobject} {self.external_id}".rstrip()


class Edit(Said):
    """A mapping that says something else than when rows were made that are in Salesforce now."""

    rows: int
    """How many were made before."""
    parts: tuple[str, ...]
    """What differs: fields and lookups, or keys of the file such as ``only:``; empty when it is not known."""
    on_change: str


class MappingPlan(Said):
    """What becomes of the records of one mapping."""

    name: str
    sobject: str
    object: str
    fingerprint: str
    counts: Counts
    """``read`` and every verdict."""
    rows: tuple[Row, ...]
    stopped: tuple[str, ...] = ()
    """Why nothing of it would be sent."""
    edit: Edit | None = None

    @property
    def fields(self) -> list[tuple[str, int]]:
        """In how many rows that are there already a field would change, the most first."""
        changed = (each.changes for each in self.rows if each.verdict is Verdict.UPDATED)
        counted = Counter(change.field for changes in changed for change in changes)
        return sorted(counted.items(), key=lambda each: (-each[1], each[0]))


class Calls(Said):
    """API calls: what the plan took, and what carrying it out would take of Salesforce."""

    chargeover: int
    salesforce: int
    to_write: int


class Plan(Said):
    """What a sync would do."""

    version: int = 1
    at: datetime
    chargeover: str
    org: str
    scope: str
    """changed, all, or ids."""
    renewed: tuple[str, ...]
    mappings: tuple[MappingPlan, ...]
    calls: Calls

    @property
    def rows(self) -> Iterator[Row]:
        """The rows of all mappings."""
        return (row for each in self.mappings for row in each.rows)

    @property
    def changes_something(self) -> bool:
        """Whether a row would be written, or owed that is not owed now for the same reason."""
        return any(row.verdict in WRITTEN or (row.verdict in OWED and row.is_news) for row in self.rows)
