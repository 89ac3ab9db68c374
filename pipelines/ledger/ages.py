"""Ages: since when rows have been owed, and for which reasons."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from pipelines.ledger.tables import owed


@dataclass(frozen=True, slots=True)
class Age:
    """The rows of an sObject that are owed for one reason: how many, and since when the first of them is."""

    code: str
    rows: int
    since: datetime


def owed_before(connection: Connection, sobject: str, before: datetime) -> list[Age]:
    """What has been owed since before that moment, by code, the most rows first."""
    count, first = func.count(), func.min(owed.c.first_at, type_=owed.c.first_at.type)
    old = select(owed.c.code, count, first).where(owed.c.sobject == sobject, owed.c.first_at < before)
    return [Age(*row) for row in connection.execute(old.group_by(owed.c.code).order_by(count.desc(), owed.c.code))]


@dataclass(frozen=True, slots=True)
class Newly:
    """The rows of an sObject that have come to be owed for one reason."""

    sobject: str
    code: str
    rows: int


def owed_since(connection: Connection, moment: datetime) -> list[Newly]:
    """What came to be owed since that moment and still is, the most rows first."""
    count = func.count()
    new = select(owed.c.sobject, owed.c.code, count).where(owed.c.first_at >= moment)
    found = connection.execute(new.group_by(owed.c.sobject, owed.c.code).order_by(count.desc(), owed.c.sobject))
    return [Newly(*row) for row in found]
