"""Waking: rows that are held for a parent are hinted at in the transaction in which it lands."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, select

from pipelines.ledger import inbox, rows
from pipelines.ledger.database import slices
from pipelines.ledger.tables import owed

PARENT_LANDED = "parent landed"

_believed = 5
"""So many times a row is woken by a parent that was only updated; Salesforce might say again that it has no such
parent, and parent and child would wake each other for ever."""

Row = tuple[str, str]
"""An sObject and an external id."""

First = TypeVar("First")
Second = TypeVar("Second")


def wake(
    connection: Connection, created: Collection[Row], updated: Collection[Row], awaited: Collection[Row], at: datetime
) -> None:
    """Hint at the records whose rows wait for a parent that has just been written; also for one that is now ``awaited``
    but had landed before: another run was quicker, or it is gone from Salesforce and comes back."""
    standing = {
        (sobject, external_id)
        for sobject, ids in _by_first(awaited).items()
        for external_id in rows.landed(connection, sobject, ids)
    }
    woken = {*_children(connection, {*created, *standing}), *_children(connection, updated, tried_at_most=_believed)}
    for object_name, ids in _by_first(woken).items():
        inbox.add(connection, object_name, ids, PARENT_LANDED, at)


def rest(connection: Connection, closed: Iterable[tuple[str, int]]) -> None:
    """Take back the hints at records, of (object, id), that owe nothing any more: they need not be read again."""
    for object_name, ids in _by_first(closed).items():
        woken = inbox.hinted_by(connection, object_name, PARENT_LANDED) & ids
        inbox.take_back(connection, object_name, woken - _owing(connection, object_name, woken), PARENT_LANDED)


def _children(
    connection: Connection, parents: Collection[Row], tried_at_most: int | None = None
) -> set[tuple[str, int]]:
    """The records, as (object, id), with rows that wait for these."""
    found: set[tuple[str, int]] = set()
    often = () if tried_at_most is None else (owed.c.tries <= tried_at_most,)
    for sobject, ids in _by_first(parents).items():
        for among in slices(owed.c.awaits_external_id, ids):
            here = select(owed.c.object, owed.c.record_id).where(owed.c.awaits_sobject == sobject, among, *often)
            found |= set(connection.execute(here).tuples().all())
    return found


def _owing(connection: Connection, object_name: str, record_ids: Collection[int]) -> set[int]:
    return {
        record_id
        for among in slices(owed.c.record_id, record_ids)
        for record_id in connection.scalars(select(owed.c.record_id).where(owed.c.object == object_name, among))
    }


def _by_first(pairs: Iterable[tuple[First, Second]]) -> dict[First, set[Second]]:
    found: dict[First, set[Second]] = defaultdict(set)
    for first, second in pairs:
        found[first].add(second)
    return found
