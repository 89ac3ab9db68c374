"""Copying: a ledger's tables into a new SQLite file, all as they are at one moment."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Connection, Engine, Table, insert, select

from pipelines.ledger.database import use_wal, writing
from pipelines.ledger.tables import alerts, log, metadata

_at_once = 5_000
_kept = [table for table in metadata.sorted_tables if table not in (alerts, log)]


def copy(source: Engine, target: Engine) -> None:
    """Copy all but the log and the alerts, on which no run depends; ``target`` is an empty SQLite file."""
    use_wal(target)
    metadata.create_all(target)
    if source.dialect.name == "sqlite":
        _attached(str(source.url.database), target)
        return
    with _at_one_moment(source) as before, writing(target) as after:
        for table in _kept:
            _stream(before, after, table)


def _attached(path: str, target: Engine) -> None:
    """SQLite copies by itself: no row has to pass through Python."""
    with closing(target.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute("ATTACH DATABASE ? AS source", (path,))
        cursor.execute("BEGIN")
        for table in _kept:
            names = ", ".join(column.name for column in table.columns)
            cursor.execute(f"INSERT INTO main.{table.name} ({names}) SELECT {names} FROM source.{table.name}")  # noqa: S608
        cursor.execute("COMMIT")
        cursor.execute("DETACH DATABASE source")


@contextmanager
def _at_one_moment(source: Engine) -> Iterator[Connection]:
    with source.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        yield connection


def _stream(before: Connection, after: Connection, table: Table) -> None:
    for part in before.execution_options(yield_per=_at_once).execute(select(table)).mappings().partitions():
        after.execute(insert(table), [dict(row) for row in part])
