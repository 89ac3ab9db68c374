"""Pauses: until when no process is to call an account."""

from datetime import datetime

from sqlalchemy import Connection, select

from pipelines.ledger.database import upsert
from pipelines.ledger.tables import pauses


def pause(connection: Connection, account: str, until: datetime) -> None:
    """Keep the pause, unless a longer one is kept."""
    standing = paused_until(connection, account)
    if standing is None or standing < until:
        upsert(connection, pauses, [{"account": account, "until": until}])


def paused_until(connection: Connection, account: str) -> datetime | None:
    """The end of the last pause, which may have passed; None when there never was one."""
    return connection.scalar(select(pauses.c.until).where(pauses.c.account == account))
