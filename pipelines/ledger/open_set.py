"""The open set: which invoices, subscriptions and quotes ChargeOver last showed as open."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from pipelines.ledger.database import slices, upsert
from pipelines.ledger.tables import open_set


def read(connection: Connection, object_name: str) -> set[int]:
    """The record ids that were open when last seen."""
    return set(connection.scalars(select(open_set.c.record_id).where(open_set.c.object == object_name)))


def remember(connection: Connection, object_name: str, opened: Iterable[int], closed: Iterable[int]) -> None:
    """Add the opened ones, take out the closed ones."""
    for among in slices(open_set.c.record_id, map(int, closed)):
        connection.execute(delete(open_set).where(open_set.c.object == object_name, among))
    upsert(connection, open_set, [{"object": object_name, "record_id": int(one)} for one in opened])
