"""How moments, reasons and turns are said."""

from datetime import datetime
from math import ceil

from pipelines.cli.duration import duration
from pipelines.ledger.outcome import Verdict
from pipelines.ledger.owed import Owed


def at(moment: datetime | None) -> str:
    """A moment as the clock on the wall shows it; nothing for none."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def why(code: str, field: str, message: str) -> str:
    """A reason in one line; the field is named once."""
    head = " ".join(part for part in (code, field if field not in message else "") if part)
    return f"{head}: {message}" if head and message else head or message


def next_try(owed: Owed, now: datetime) -> str:
    """When an owed row is tried again."""
    if owed.verdict is Verdict.REJECTED or owed.due_at is None:
        return "when the record or its mapping changes"
    if owed.verdict is Verdict.HELD and owed.awaits is not None:
        return f"when {' '.join(owed.awaits)} lands"
    seconds = (owed.due_at - now).total_seconds()
    return "with the next sync" if seconds <= 0 else f"in {duration(seconds if seconds < 60 else _minutes(seconds))}"


def _minutes(seconds: float) -> int:
    return ceil(seconds / 60) * 60
