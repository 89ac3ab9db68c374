"""Kinship: which records wait for which others."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, and_, select

from pipelines.ledger.database import slices
from pipelines.ledger.tables import owed


def awaiting(connection: Connection, sobjects: Collection[str], record_ids: Collection[int]) -> dict[str, set[int]]:
    """Records, by object, with rows that wait for rows of these sObjects which these records owe."""
    found: dict[str, set[int]] = defaultdict(set)
    parent = owed.alias("parent")
    waits_for = and_(
        owed.c.awaits_sobject == parent.c.sobject,
        owed.c.awaits_external_id == parent.c.external_id,
    )
    children = select(owed.c.object, owed.c.record_id).select_from(parent.join(owed, waits_for))
    for among in slices(parent.c.record_id, record_ids):
        for name, record_id in connection.execute(children.where(parent.c.sobject.in_(list(sobjects)), among)):
            found[name].add(record_id)
    return found


def awaited(connection: Connection) -> dict[str, set[str]]:
    """The objects that wait, by the sObject of the parents that they wait for."""
    found: dict[str, set[str]] = defaultdict(set)
    pairs = select(owed.c.awaits_sobject, owed.c.object).where(owed.c.awaits_sobject.is_not(None)).distinct()
    for sobject, name in connection.execute(pairs):
        found[sobject].add(name)
    return found
