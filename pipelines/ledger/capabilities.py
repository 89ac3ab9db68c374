"""Capabilities: what a ChargeOver account was found to support, by the name of what was tried."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from pipelines.ledger.database import upsert
from pipelines.ledger.tables import capabilities


def learn(connection: Connection, account: str, found: Mapping[str, str], at: datetime) -> None:
    """Keep what was found; what was found earlier under other names stays."""
    values = [{"account": account, "name": name, "value": value, "found_at": at} for name, value in found.items()]
    upsert(connection, capabilities, values)


def read(connection: Connection, account: str) -> dict[str, str]:
    """What was found, by name."""
    found = select(capabilities.c.name, capabilities.c.value).where(capabilities.c.account == account)
    return dict(connection.execute(found).tuples().all())
