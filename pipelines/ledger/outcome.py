"""What became of one row: the seven verdicts, and the outcome that carries one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a record: every record that was read gets exactly one."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    HELD = "held"
    REJECTED = "rejected"
    REFUSED = "refused"
    DELETED = "deleted"


OWED = frozenset({Verdict.HELD, Verdict.REJECTED, Verdict.REFUSED})
"""What is kept in the ledger and tried again by rule."""

WRITTEN = frozenset({Verdict.CREATED, Verdict.UPDATED, Verdict.DELETED})
"""What changed something in Salesforce."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one row of one sObject, and the id of the ChargeOver record that it came from."""

    sobject: str
    external_id: str
    """Empty when the mapping could not even make one."""
    object: str
    record_id: int
    """Of the top-level record: the lines of invoice 10041 all have 10041."""
    verdict: Verdict
    observed_at: datetime
    fingerprint: str = ""
    salesforce_id: str | None = None
    code: str = ""
    field: str = ""
    message: str = ""
    """May quote customer values, therefore never leaves the ledger."""
    awaits: tuple[str, str] | None = None
    """The sObject and external id of the parent that a held row waits for."""
    slots: str = ""
    """Of the payload (``mapping.slots``)."""
    origin: str = ""
    """The record and the mapping that the row was made from; empty when it stays as it was."""
    signal: str = ""
    """What led to the read at ``observed_at``."""
