"""Known records: those of an object that have a row in Salesforce by our doing, or one that is owed."""

from collections.abc import Collection

from sqlalchemy import CompoundSelect, Connection, func, select, union

from pipelines.ledger.database import between
from pipelines.ledger.tables import owed, rows


def ids(connection: Connection, object_name: str, sobjects: Collection[str], above: int, upto: int | None) -> set[int]:
    """Those with ids in (above, upto] and rows in one of these sObjects."""
    return set(connection.scalars(_known(object_name, sobjects, above, upto)))


def count(connection: Connection, object_name: str, sobjects: Collection[str]) -> int:
    """The number of those with rows in one of these sObjects."""
    known = _known(object_name, sobjects, 0, None).subquery()
    return int(connection.scalar(select(func.count()).select_from(known)) or 0)


def _known(object_name: str, sobjects: Collection[str], above: int, upto: int | None) -> CompoundSelect[tuple[int]]:
    landed = select(rows.c.record_id).where(
        rows.c.sobject.in_(list(sobjects)),
        rows.c.object == object_name,
        rows.c.gone.is_(False),
        *between(rows.c.record_id, above, upto),
    )
    owing = select(owed.c.record_id).where(
        owed.c.sobject.in_(list(sobjects)),
        owed.c.object == object_name,
        *between(owed.c.record_id, above, upto),
    )
    return union(landed, owing)
