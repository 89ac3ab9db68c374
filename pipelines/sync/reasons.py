"""Reasons: why rows with a code are owed, and what to do; Salesforce's codes, and those that we give ourselves."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.ledger.outcome import Verdict
from pipelines.ledger.owed import Owed
from pipelines.salesforce.status import handling


@dataclass(frozen=True, slots=True)
class Reason:
    """What a code means in plain words, without any customer's value."""

    code: str
    cause: str
    advice: str


OURS = (
    Reason("REJECTED", "a value does not fit what the mapping says of its field",
           "the message names field and value; correct the record in ChargeOver, or the mapping"),
    Reason("NO_PARENT", "the parent it looks up is not in Salesforce yet",
           "nothing: it goes by itself once the parent has landed (with missing: reject, once the record or the "
           "mapping changes); if it stays, look at what is owed for the parent"),
    Reason("EXTERNAL_ID_TAKEN", "two records claim the same external id",
           "map an external id that is unique in ChargeOver, or correct one of the records"),
    Reason("OVERTAKEN", "overlapping runs wrote it out of order", "nothing: the next sync sends it once more"),
    Reason("UNKNOWN", "Salesforce does not take this row and names no code",
           "the message says why, if Salesforce said anything"),
)  # fmt: skip


def reason_for(code: str, message: str = "") -> Reason:
    """Why rows with a code are owed; Salesforce's message tells some codes apart."""
    for each in OURS:
        if each.code == code:
            return each
    fault = handling(code, message)
    return Reason(code, fault.cause, fault.advice)


def reason_of(owed: Owed) -> Reason:
    """Why a row is owed."""
    return reason_for(owed.code, owed.message)


def class_of(verdict: str, code: str) -> str:
    """What is done about rows with a code, in one of a few words: reject, hold, retry, refuse and the others."""
    ours = {"NO_PARENT": "hold", "OVERTAKEN": "retry"}
    return "reject" if verdict == Verdict.REJECTED else ours.get(code) or str(handling(code).kind)


def reasons_of(rows: Iterable[Owed]) -> list[Reason]:
    """Why rows are owed, each reason once."""
    return list(dict.fromkeys(map(reason_of, rows)))
