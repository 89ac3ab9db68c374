"""Spending: how many calls each signal has made to an account, by the minute, of all processes together."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from pipelines.ledger.database import upsert
from pipelines.ledger.tables import calls

KEPT_FOR = timedelta(days=1)


def spend(connection: Connection, account: str, signal: str, number: int, at: datetime) -> int:
    """Count calls in the minute of ``at``; all calls of all signals in that minute."""
    minute = _minute(at)
    so_far = _by_signal(connection, calls.c.account == account, calls.c.minute == minute)
    if not so_far:
        connection.execute(delete(calls).where(calls.c.minute < minute - KEPT_FOR))
    so_far[signal] = so_far.get(signal, 0) + number
    upsert(connection, calls, [{"account": account, "minute": minute, "signal": signal, "calls": so_far[signal]}])
    return sum(so_far.values())


def spent(connection: Connection, account: str, since: datetime) -> dict[str, int]:
    """The calls by signal, in the minute of ``since`` and all later ones."""
    return _by_signal(connection, calls.c.account == account, calls.c.minute >= _minute(since))


def oldest(connection: Connection, account: str, since: datetime) -> datetime | None:
    """The first minute with calls, of that of ``since`` and all later ones."""
    kept = calls.c.account == account, calls.c.minute >= _minute(since), calls.c.calls > 0
    found: datetime | None = connection.scalar(select(func.min(calls.c.minute)).where(*kept))
    return found


def last(connection: Connection, account: str, signal: str) -> datetime | None:
    """The last minute with calls of a signal."""
    mine = calls.c.account == account, calls.c.signal == signal, calls.c.calls > 0
    found: datetime | None = connection.scalar(select(func.max(calls.c.minute)).where(*mine))
    return found


def by_minute(connection: Connection, account: str, since: datetime) -> list[tuple[datetime, str, int]]:
    """The calls of each minute from that of ``since`` on, as (minute, signal, calls), the oldest first."""
    kept = calls.c.account == account, calls.c.minute >= _minute(since)
    found = select(calls.c.minute, calls.c.signal, calls.c.calls).where(*kept).order_by(calls.c.minute)
    return [(minute, signal, number) for minute, signal, number in connection.execute(found)]


def forget(connection: Connection, at: datetime) -> int:
    """Remove the counts of accounts that have made no call for a day; their number."""
    return connection.execute(delete(calls).where(calls.c.minute < _minute(at) - KEPT_FOR)).rowcount


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _by_signal(connection: Connection, *conditions: object) -> dict[str, int]:
    query = select(calls.c.signal, func.sum(calls.c.calls)).where(*conditions)  # type: ignore[arg-type]
    return {signal: int(number) for signal, number in connection.execute(query.group_by(calls.c.signal))}
