"""Brakes: objects of which too much was gone at once; nothing of them counts as deleted until a person agrees."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from pipelines.ledger.database import upsert
from pipelines.ledger.tables import brakes


def pull(connection: Connection, object_name: str, message: str, at: datetime) -> None:
    """Stop deletes of the object, with the reason to show; a later reason takes the place of an earlier one."""
    upsert(connection, brakes, [{"object": object_name, "message": message, "at": at}])


def release(connection: Connection, object_name: str) -> None:
    """Let deletes of the object go on."""
    connection.execute(delete(brakes).where(brakes.c.object == object_name))


def read(connection: Connection) -> dict[str, str]:
    """The reasons by object."""
    return dict(connection.execute(select(brakes.c.object, brakes.c.message)).tuples().all())
