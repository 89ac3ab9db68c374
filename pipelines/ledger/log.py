"""The record-level log: everything that happened to every record, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from pipelines.ledger.outcome import Outcome
from pipelines.ledger.owed import Owed
from pipelines.ledger.tables import log

COLUMNS = tuple(column for column in log.columns if column.name != "id")

FORGOTTEN = "forgotten"
"""In the place of a verdict: an owed row was closed because its record no longer has it."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that happened to one row of one record."""

    at: datetime
    run_id: str
    sobject: str
    external_id: str
    object: str
    record_id: int
    verdict: str
    """A verdict, or ``forgotten``."""
    observed_at: datetime | None
    salesforce_id: str | None
    code: str
    field: str
    message: str


def write(connection: Connection, run_id: str, at: datetime, outcomes: Sequence[Outcome]) -> None:
    """Add a line for each outcome."""
    _add(connection, [_line(run_id, at, one, one.verdict.value, one.message) for one in outcomes])


def write_forgotten(connection: Connection, run_id: str, at: datetime, closed: Sequence[Owed], reason: str) -> None:
    """Add a line for each owed row that was closed without landing."""
    _add(connection, [_line(run_id, at, one, FORGOTTEN, reason) for one in closed])


def _add(connection: Connection, lines: list[dict[str, object]]) -> None:
    if lines:
        connection.execute(insert(log), lines)


def _line(run_id: str, at: datetime, one: Outcome | Owed, verdict: str, message: str) -> dict[str, object]:
    return {
        "at": at,
        "run_id": run_id,
        "sobject": one.sobject,
        "external_id": one.external_id,
        "object": one.object,
        "record_id": one.record_id,
        "verdict": verdict,
        "observed_at": one.observed_at,
        "salesforce_id": one.salesforce_id,
        "code": one.code,
        "field": one.field,
        "message": message,
    }


def history(connection: Connection, object_name: str, record_id: int) -> list[LogEntry]:
    """All lines about one record, oldest first."""
    query = select(*COLUMNS).where(log.c.object == object_name, log.c.record_id == record_id).order_by(log.c.id)
    return [LogEntry(*line) for line in connection.execute(query)]


def latest(connection: Connection, run_id: str | None, limit: int | None) -> list[LogEntry]:
    """The last lines (of one run), oldest first."""
    query = select(*COLUMNS).order_by(log.c.id.desc()).limit(limit)
    if run_id is not None:
        query = query.where(log.c.run_id == run_id)
    return [LogEntry(*line) for line in reversed(connection.execute(query).all())]


def forget(connection: Connection, before: datetime) -> int:
    """Remove lines older than the moment; their number."""
    return connection.execute(delete(log).where(log.c.at < before)).rowcount
