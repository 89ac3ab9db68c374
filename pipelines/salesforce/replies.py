"""Replies: what Salesforce answered for one row, whatever the shape of the answer was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.salesforce.fault import Fault, Kind
from pipelines.salesforce.status import handling


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer for one row; the message may quote customer values."""

    success: bool
    created: bool = False
    id: str | None = None
    code: str = ""
    message: str = ""
    fields: tuple[str, ...] = ()

    @property
    def handling(self) -> Fault:
        """What the fault means and what is done about it; asks for a reply without success."""
        return handling(self.code, self.message)

    @property
    def held(self) -> bool:
        """Whether the row waits for its parent."""
        return not self.success and self.handling.kind is Kind.HOLD

    @property
    def stops(self) -> bool:
        """Whether no other row (of this sObject) can land either: ``status.stopping`` makes the error of it."""
        return not self.success and self.handling.kind in {Kind.STOP, Kind.SOBJECT_STOP}


def reply_of(row: Mapping[str, Any]) -> Reply:
    """The reply in one row of a collections answer: id, success, errors, created (REST API guide)."""
    if row.get("success"):
        return Reply(success=True, created=bool(row.get("created")), id=row.get("id"))
    errors = row.get("errors") or []
    return failure(errors)


def failure(errors: object, status: int = 0) -> Reply:
    """The reply in a list of errors: rows say statusCode, calls errorCode (recorded); an edge, neither."""
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    unnamed = "SERVER_UNAVAILABLE" if status >= 500 else "UNKNOWN"
    return Reply(
        success=False,
        code=str(first.get("statusCode") or first.get("errorCode") or unnamed),
        message=str(first.get("message") or ""),
        fields=tuple(str(name) for name in first.get("fields") or ()),
    )
