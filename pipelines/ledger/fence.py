"""The fence: who writes rows of some customers holds their places meanwhile, so that two runs never do it at once.

A place is let go by itself when its holder dies: it is a lock of the operating system beside a SQLite file, of the
database session on PostgreSQL."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from zlib import crc32

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

PLACES = 64
"""Customers share places: as many runs can write side by side as have no place in common."""

_CLASS, _OWNED = 0x636F32, 0x636F33  # of PostgreSQL's two-part advisory locks: the letters co2, and co3


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
    def hold_all(self) -> Iterator[None]:
        """Wait until nobody writes rows of any customer, and keep it so."""
        with self.hold([*range(PLACES), None]):
            yield

    @contextmanager
    def claim(self, name: str) -> Iterator[bool]:
        """Hold a thing that has one owner, such as an ingest job, until the block ends; False when it has one who
        lives."""
        with (self._claim_in_database if self._engine.dialect.name == "postgresql" else self._claim_in_file)(
            name
        ) as it:
            yield it

    @contextmanager
    def _claim_in_file(self, name: str) -> Iterator[bool]:
        self._folder.mkdir(exist_ok=True)
        lock = FileLock(self._folder / name, blocking=False, is_singleton=False)
        try:
            lock.acquire()
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            Path(lock.lock_file).unlink(missing_ok=True)  # while it is ours: nobody else has opened it for good
            lock.release()

    @contextmanager
    def _claim_in_database(self, name: str) -> Iterator[bool]:
        with self._apart() as connection:
            key = {"class": _OWNED, "key": crc32(name.encode()) - 2**31}
            yield bool(connection.scalar(text("SELECT pg_try_advisory_lock(:class, :key)"), key))

    @contextmanager
    def _in_files(self, places: list[int]) -> Iterator[None]:
        self._folder.mkdir(exist_ok=True)
        with ExitStack() as held:
            for place in places:
                held.enter_context(FileLock(self._folder / f"{place:02}", is_singleton=False))
            yield

    @contextmanager
    def _in_database(self, places: list[int]) -> Iterator[None]:
        with self._apart() as connection:
            for place in places:
                connection.execute(text("SELECT pg_advisory_lock(:class, :place)"), {"class": _CLASS, "place": place})
            yield

    @property
    def _folder(self) -> Path:
        return Path(f"{self._engine.url.database}.places")

    def _apart(self) -> Connection:
        """Not from the ledger's pool: those who wait here would keep those who hold from asking the ledger."""
        engine = create_engine(self._engine.url, poolclass=NullPool, hide_parameters=True, isolation_level="AUTOCOMMIT")
        return engine.connect()
