"""Walks: how far each pass over a list has come; it may stop after any page and go on later."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from pipelines.ledger.database import upsert
from pipelines.ledger.tables import walks


@dataclass(frozen=True, slots=True)
class Walk:
    """One pass over all records of a list in the order of their ids: the current one, or the last that ended."""

    position: int
    """The last id that was passed; 0 at the beginning."""
    started_at: datetime
    ended_at: datetime | None
    """None while the pass is under way."""
    seen: int
    missing: int


def read(connection: Connection) -> dict[tuple[str, str], Walk]:
    """All walks by object and name."""
    found = connection.execute(select(walks))
    return {(object_name, name): Walk(*rest) for object_name, name, *rest in found}


def keep(connection: Connection, object_name: str, name: str, walk: Walk) -> None:
    """Store how far the walk has come."""
    upsert(connection, walks, [{"object": object_name, "name": name, **asdict(walk)}])
