"""One database behind one face: an engine for SQLite or PostgreSQL, and transactions in which writers wait in line."""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Insert,
    Table,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from pipelines.errors import FixAccess, TryLater

BUSY_TIMEOUT_SECONDS = 30
WRITER_LOCK = 0x636F327366
"""The advisory lock that PostgreSQL writers take in turn: the letters co2sf."""

MOST_VALUES = 1000
"""In one IN list: SQLite and PostgreSQL plan this well, and the statement stays short."""


def engine_for(url: str) -> Engine:
    """An engine for the url, its folder made; FixAccess when the url is not one that the ledger can use."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    folder = Path(str(parsed.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FixAccess(f"ledger {shown(parsed)}: the folder {folder} cannot be made ({error.strerror})") from error
    engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def shown(url: URL) -> str:
    """The url as it may be printed: without its password."""
    return url.render_as_string(hide_password=True)


def shown_url(url: str) -> str:
    """The same of a text; FixAccess when the ledger cannot use it."""
    return shown(_parsed(url))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that sees one state; TryLater when the database does not answer."""
    with _named(engine), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction of the only writer at this moment: others wait, and an exception leaves nothing behind."""
    with _named(engine), engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})
        yield connection


def upsert(connection: Connection, table: Table, values: Sequence[dict[str, Any]]) -> None:
    """Insert rows, or overwrite those with the same primary key."""
    if values:
        connection.execute(_upsert(table, connection.dialect.name), list(values))


@cache
def _upsert(table: Table, dialect: str) -> Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table)
    key = [column.name for column in table.primary_key]
    fresh = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in key}
    if fresh:
        return statement.on_conflict_do_update(index_elements=key, set_=fresh)
    return statement.on_conflict_do_nothing(index_elements=key)


def slices(column: ColumnElement[Any], values: Iterable[Any]) -> Iterator[Any]:
    """Conditions that together say that the column has one of the values."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), MOST_VALUES):
        yield column.in_(distinct[start : start + MOST_VALUES])


def between(column: Column[int], above: int, upto: int | None) -> list[ColumnElement[bool]]:
    """Conditions that say that the column is in (above, upto]; None: has no upper end."""
    return [column > above] if upto is None else [column > above, column <= upto]


def use_wal(engine: Engine) -> None:
    """Let readers and the writer of a SQLite file not wait for each other; asked again while others ask the same."""
    if engine.dialect.name != "sqlite":
        return
    give_up_at = time.monotonic() + BUSY_TIMEOUT_SECONDS
    while not _switched_to_wal(engine, last_try=time.monotonic() > give_up_at):
        time.sleep(0.02)


def _switched_to_wal(engine: Engine, *, last_try: bool) -> bool:
    try:
        with closing(engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA journal_mode = WAL")
    except (sqlite3.Error, DBAPIError) as error:
        # SQLite answers "locked" at once here, without its busy timeout, when two processes switch the mode
        if "locked" not in str(error) or last_try:
            raise FixAccess(
                f"ledger {shown(engine.url)}: {_cause(error)}; it must be a SQLite file that we may write"
            ) from error
        return False
    return True


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise FixAccess(
            f"ledger: the address has no database that can be used ({type(error).__name__}); "
            "write sqlite:///path/ledger.db or postgresql+psycopg2://user:password@host/database"
        ) from error
    name = parsed.get_backend_name()
    if name not in {"sqlite", "postgresql"} or (name == "sqlite" and parsed.database in {None, "", ":memory:"}):
        raise FixAccess(f"ledger {shown(parsed)}: use a SQLite file (sqlite:///path/ledger.db) or PostgreSQL")
    return parsed


@contextmanager
def _named(engine: Engine) -> Iterator[None]:
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:
        raise TryLater(
            f"ledger {shown(engine.url)}: {_cause(error)}; run it again when the database answers"
        ) from error


def _cause(error: DBAPIError | sqlite3.Error) -> str:
    told = error.orig if isinstance(error, DBAPIError) else error
    return str(told).strip().splitlines()[0] if str(told).strip() else type(told).__name__


def _prepare_sqlite(raw: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no type
    # the driver would begin transactions by itself, too late and without IMMEDIATE
    raw.isolation_level = None
    cursor = raw.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # straight to the driver: SQLAlchemy takes longer over this than over many a query
    writes = connection.get_execution_options().get("writes", False)
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")
