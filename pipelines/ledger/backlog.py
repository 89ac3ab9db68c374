"""The backlog in numbers: hints that wait, rows that are owed, what the last run did, calls of the last minute."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from pipelines.ledger.tables import calls, inbox, log, owed


@dataclass(frozen=True, slots=True)
class Waiting:
    """The hints at records of one object: how many, and since when the oldest waits."""

    object: str
    hints: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Number:
    """How many rows of an sObject have one verdict, for one reason."""

    sobject: str
    verdict: str
    code: str
    rows: int


def waiting(connection: Connection) -> list[Waiting]:
    """The hints in the inbox by object."""
    oldest = func.min(inbox.c.noted_at, type_=inbox.c.noted_at.type)
    query = select(inbox.c.object, func.count(), oldest).group_by(inbox.c.object).order_by(inbox.c.object)
    return [Waiting(*each) for each in connection.execute(query)]


def owed_by_code(connection: Connection) -> list[Number]:
    """The owed rows by sObject, verdict and code."""
    by = (owed.c.sobject, owed.c.verdict, owed.c.code)
    return [Number(*each) for each in connection.execute(select(*by, func.count()).group_by(*by).order_by(*by))]


def last_run(connection: Connection) -> list[Number]:
    """What the log says of the run that wrote to it last, by sObject and verdict; what did not change is not in it."""
    newest = select(log.c.run_id).order_by(log.c.id.desc()).limit(1).scalar_subquery()
    by = (log.c.sobject, log.c.verdict)
    counted = select(*by, func.count()).where(log.c.run_id == newest).group_by(*by).order_by(*by)
    return [Number(sobject, verdict, "", rows) for sobject, verdict, rows in connection.execute(counted)]


def calls_in(connection: Connection, account: str, minute: datetime) -> dict[str, int]:
    """The calls to an account in one minute, by signal."""
    made = select(calls.c.signal, calls.c.calls).where(calls.c.account == account, calls.c.minute == minute)
    return {signal: int(number) for signal, number in connection.execute(made)}
