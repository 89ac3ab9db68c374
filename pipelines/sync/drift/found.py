"""What was found: rows that somebody else has changed, and what the comparison of one mapping comes to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.ledger.rows import Known
from pipelines.mapping.model import Mapping
from pipelines.salesforce.held import Held
from pipelines.sync.comparing import Calls
from pipelines.sync.drift.judge import Found


class What(StrEnum):
    """What has become of a row."""

    CHANGED = "changed in Salesforce"
    DELETED = "deleted in Salesforce"
    MOVED = "has another external id in Salesforce"


@dataclass(frozen=True, slots=True)
class Drifted:
    """One row that Salesforce does not hold as it has accepted it; ``held`` is None for one that is deleted."""

    mapping: Mapping
    external_id: str
    what: What
    known: Known
    held: Held | None = field(repr=False)
    fields: tuple[Found, ...] = field(default=(), repr=False)
    can_be_taken_back: bool = True
    """Whether ChargeOver still makes this row."""

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that were changed."""
        return tuple(each.name for each in self.fields)

    @property
    def record(self) -> str:
        """Its record in ChargeOver, such as invoice:10041."""
        return f"{self.known.object}:{self.known.record_id}"

    @property
    def salesforce_id(self) -> str:
        """Its id, or the one that it had."""
        return (self.held.salesforce_id if self.held else self.known.salesforce_id) or ""

    def to_take_back(self, *, everything: bool) -> tuple[str, ...] | None:
        """The fields to send again by the mapping's policy, or all that were changed; empty for the whole row, None for
        nothing."""
        if not self.can_be_taken_back or self.what is What.MOVED:
            return None
        if self.what is What.DELETED:
            return () if everything or self.mapping.drift == "take back" else None
        sendable = [each.name for each in self.fields if each.can_be_sent]
        return tuple(name for name in sendable if everything or self.mapping.drift_of(name) == "take back") or None


@dataclass(frozen=True, slots=True)
class Compared:
    """One mapping: how many of how many rows were compared, and what was found; with a ``trouble`` nothing is known."""

    mapping: Mapping
    rows: int = 0
    of: int = 0
    part: str = "all"
    drifted: Sequence[Drifted] = ()
    uncertain: int = 0
    """Rows that are in flight, owed, or were accepted under another set of fields."""
    unknown: int = 0
    """Rows that do not look as they were accepted, of which nobody knows any more what was sent."""
    taken_back: int = 0
    """Rows that were sent again and have landed, in part or whole."""
    settled: int = 0
    """Those of them of which nothing is left that has drifted."""
    trouble: str = ""
    calls: Calls = field(default_factory=Calls)

    @property
    def agrees(self) -> bool:
        """Whether Salesforce holds what it has accepted, or does so again."""
        return not self.trouble and len(self.drifted) == self.settled
