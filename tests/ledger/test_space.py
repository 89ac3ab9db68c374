"""A SQLite file gives back what it no longer uses, and never keeps a writer waiting."""

import sqlite3
from contextlib import closing

import pytest

from pipelines.ledger.space import reclaim


@pytest.fixture
def file(tmp_path):
    """Ten thousand rows, nine tenths of them deleted."""
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (text)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 10_000)
        connection.commit()
        connection.execute("DELETE FROM t WHERE rowid % 10")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def test_what_is_free_goes_back_to_the_disk_and_the_rest_is_still_there(file):
    before = file.stat().st_size

    freed = reclaim(file, least_bytes=1_000)

    assert freed == before - file.stat().st_size > before // 2
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (1_000,)


def test_a_little_is_not_worth_it(file):
    assert reclaim(file) == 0


def test_a_file_in_use_and_one_that_is_not_there_are_left(file, tmp_path):
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert reclaim(file, least_bytes=1_000) == 0
        writer.execute("ROLLBACK")

    assert reclaim(tmp_path / "none.db") == 0
    assert not (tmp_path / "none.db").exists()
