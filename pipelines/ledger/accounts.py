"""Whose rows a ledger holds: another org's would all look unchanged."""

from sqlalchemy import Connection, select

from pipelines.ledger.database import upsert
from pipelines.ledger.tables import accounts


def claimed(connection: Connection, kind: str, account: str) -> str:
    """The account that the ledger knows; this one when it knew none."""
    known = connection.scalar(select(accounts.c.account).where(accounts.c.kind == kind))
    if known is None:
        upsert(connection, accounts, [{"kind": kind, "account": account}])
    return str(known or account)
