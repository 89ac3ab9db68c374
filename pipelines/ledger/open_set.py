"""The open set: which invoices and subscriptions ChargeOver last showed as open, each with a mark of its content."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select

from pipelines.ledger.database import slices, upsert
from pipelines.ledger.tables import open_set


def read(connection: Connection, object_name: str) -> dict[int, str]:
    """The marks of the records that were open when last seen, by record id."""
    open_then = select(open_set.c.record_id, open_set.c.mark).where(open_set.c.object == object_name)
    return dict(connection.execute(open_then).tuples().all())


def remember(connection: Connection, object_name: str, marks: Mapping[int, str]) -> None:
    """Make these the open set of the object; only the difference is written."""
    before = read(connection, object_name)
    for among in slices(open_set.c.record_id, before.keys() - marks.keys()):
        connection.execute(delete(open_set).where(open_set.c.object == object_name, among))
    changed = {record_id: mark for record_id, mark in marks.items() if before.get(record_id) != mark}
    upsert(
        connection,
        open_set,
        [{"object": object_name, "record_id": record_id, "mark": mark} for record_id, mark in changed.items()],
    )
