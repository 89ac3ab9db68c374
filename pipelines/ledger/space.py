"""Space: what a SQLite file no longer uses goes back to the disk, when it is much and nobody is in the way."""

import sqlite3
from contextlib import closing
from pathlib import Path

_least_bytes = 50_000_000
_busy_seconds = 2  # who writes at the moment goes on; another time will do


def reclaim(file: Path, least_bytes: int = _least_bytes) -> int:
    """Compact a file of which half is unused, and no little; the bytes that came free, 0 when it is in use."""
    if not file.is_file():
        return 0
    before = file.stat().st_size
    try:
        with closing(sqlite3.connect(file, timeout=_busy_seconds, isolation_level=None)) as connection:
            free = _number(connection, "freelist_count") * _number(connection, "page_size")
            if free >= least_bytes and free * 2 >= before:
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError:
        return 0
    return max(0, before - file.stat().st_size)


def _number(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
