"""Marks: a short text for each record of a watched list, which differs once the record has changed."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, select

from pipelines.ledger.database import between, slices, upsert
from pipelines.ledger.tables import marks

LONGEST_MARK = 80
"""Characters; PostgreSQL refuses what is longer, SQLite would not."""


def read(connection: Connection, object_name: str, above: int, upto: int | None) -> dict[int, str]:
    """The marks of the records with ids in (above, upto], by record id."""
    here = (marks.c.object == object_name, *between(marks.c.record_id, above, upto))
    return dict(connection.execute(select(marks.c.record_id, marks.c.mark).where(*here)).tuples().all())


def remember(connection: Connection, object_name: str, seen: Mapping[int, str], left: Collection[int]) -> None:
    """Store the marks as they were seen, only those that differ, and remove those of records that left the list."""
    assert all(len(mark) <= LONGEST_MARK for mark in seen.values()), f"a mark has at most {LONGEST_MARK} characters"
    for among in slices(marks.c.record_id, left):
        connection.execute(delete(marks).where(marks.c.object == object_name, among))
    before = _of(connection, object_name, seen)
    changed = [
        {"object": object_name, "record_id": record_id, "mark": mark}
        for record_id, mark in seen.items()
        if before.get(record_id) != mark
    ]
    upsert(connection, marks, changed)


def _of(connection: Connection, object_name: str, record_ids: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for among in slices(marks.c.record_id, record_ids):
        here = select(marks.c.record_id, marks.c.mark).where(marks.c.object == object_name, among)
        found |= connection.execute(here).tuples().all()
    return found
