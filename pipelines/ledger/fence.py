"""The fence: who writes rows of some customers holds their places meanwhile, so that two runs never do it at once.

A place is let go by itself when its holder dies: it is a lock of the operating system beside a SQLite file, of the
database session on PostgreSQL."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Engine, NullPool, create_engine, text

PLACES = 64
"""Customers share places: as many runs can write side by side as have no place in common."""

_CLASS = 0x636F32  # of PostgreSQL's two-part advisory locks: the letters co2


class Fence:
    """The places of one ledger."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def hold(self, customers: Collection[int | None]) -> Iterator[None]:
        """Wait for the places of these customers (None: rows of no customer) and hold them; always in one order, so
        that nobody waits in a circle."""
        places = sorted({PLACES if each is None else each % PLACES for each in customers})
        hold = self._in_database if self._engine.dialect.name == "postgresql" else self._in_files
        with hold(places):
            yield

    @contextmanager
    def _in_files(self, places: list[int]) -> Iterator[None]:
        folder = Path(f"{self._engine.url.database}.places")
        folder.mkdir(exist_ok=True)
        with ExitStack() as held:
            for place in places:
                held.enter_context(FileLock(folder / f"{place:02}", is_singleton=False))
            yield

    @contextmanager
    def _in_database(self, places: list[int]) -> Iterator[None]:
        # Not from the ledger's pool: those who wait here would keep those who hold from asking the ledger.
        engine = create_engine(self._engine.url, poolclass=NullPool, hide_parameters=True)
        with engine.connect() as connection:
            for place in places:
                connection.execute(text("SELECT pg_advisory_lock(:class, :place)"), {"class": _CLASS, "place": place})
            yield
