"""The inbox: hints that a record has changed, kept until every mapping of its object has been synced past them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select

from pipelines.ledger.database import slices, upsert
from pipelines.ledger.tables import inbox


def note(connection: Connection, object_name: str, record_ids: Iterable[int], signal: str, at: datetime) -> None:
    """Add hints; a record that is hinted at again counts from the later of the two."""
    fresh = dict.fromkeys(map(int, record_ids))
    for among in slices(inbox.c.record_id, tuple(fresh)):
        later = select(inbox.c.record_id).where(inbox.c.object == object_name, inbox.c.noted_at > at, among)
        for record_id in connection.scalars(later):
            del fresh[record_id]
    hint = {"object": object_name, "signal": signal, "noted_at": at}
    upsert(connection, inbox, [{**hint, "record_id": record_id} for record_id in fresh])


def noted(connection: Connection, object_name: str, after: datetime | None) -> set[int]:
    """The records of the object that were hinted at after the moment (None: at all)."""
    hints = select(inbox.c.record_id).where(inbox.c.object == object_name)
    return set(connection.scalars(hints if after is None else hints.where(inbox.c.noted_at > after)))


def settle(connection: Connection, object_name: str, until: datetime) -> None:
    """Remove the hints of the object noted up to the moment."""
    connection.execute(delete(inbox).where(inbox.c.object == object_name, inbox.c.noted_at <= until))
