"""The record-level log: everything that happened to every record, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, select

from pipelines.ledger.excerpt import FORGOTTEN, Excerpt
from pipelines.ledger.outcome import Outcome
from pipelines.ledger.owed import Owed
from pipelines.ledger.tables import log, owed


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that happened to one row of one record."""

    line: int
    """Grows from line to line, and never comes again."""
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


def lines(connection: Connection, excerpt: Excerpt, after: int, limit: int | None) -> list[LogEntry]:
    """The first lines above ``after`` that fit, oldest first."""
    query = select(log).where(log.c.id > after, *_fits(excerpt)).order_by(log.c.id).limit(limit)
    return [LogEntry(*line) for line in connection.execute(query)]


def last(connection: Connection, excerpt: Excerpt, limit: int | None) -> list[LogEntry]:
    """The last lines that fit, oldest first."""
    query = select(log).where(*_fits(excerpt)).order_by(log.c.id.desc()).limit(limit)
    return [LogEntry(*line) for line in reversed(connection.execute(query).all())]


def runs(connection: Connection, beginning: str) -> list[str]:
    """The ids that begin so, of runs that have lines."""
    ids = select(log.c.run_id).where(log.c.run_id.startswith(beginning, autoescape=True)).distinct()
    return list(connection.scalars(ids.order_by(log.c.run_id)))


def old(connection: Connection, before: datetime) -> int:
    """How many lines ``forget`` would remove."""
    return int(connection.scalar(select(func.count()).select_from(log).where(*_old(before))) or 0)


def forget(connection: Connection, before: datetime, limit: int) -> int:
    """Remove so many lines older than the moment; their number. Those of records that owe a row stay."""
    some = select(log.c.id).where(*_old(before)).limit(limit)
    return connection.execute(delete(log).where(log.c.id.in_(some))).rowcount


def _fits(excerpt: Excerpt) -> list[ColumnElement[bool]]:
    names = ("run_id", "sobject", "verdict", "object")
    found = [log.c[name] == getattr(excerpt, name) for name in names if getattr(excerpt, name) is not None]
    if excerpt.record_ids:
        found.append(log.c.record_id.in_(excerpt.record_ids))
    if excerpt.since:
        found.append(log.c.at >= excerpt.since)
    return [*found, log.c.at < excerpt.until] if excerpt.until else found


def _old(before: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    owing = exists().where(owed.c.object == log.c.object, owed.c.record_id == log.c.record_id)
    return log.c.at < before, ~owing
