"""Whose rows a ledger holds: another org's would all look unchanged."""

from sqlalchemy import Connection, select

from pipelines.ledger.database import upsert
from pipelines.ledger.tables import accounts


def claimed(connection: Connection, kind: str, account: str) -> str:
    """The account that the ledger knows; this one when it knew none."""
    before = known(connection, kind)
    if before is None:
        upsert(connection, accounts, [{"kind": kind, "account": account}])
    return before or account


def known(connection: Connection, kind: str) -> str | None:
    """The account that the ledger knows, None before the first claim."""
    return connection.scalar(select(accounts.c.account).where(accounts.c.kind == kind))
