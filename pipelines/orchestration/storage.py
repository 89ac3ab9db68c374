"""Dagster's own history, its SQLite files kept open.

Stock Dagster connects to a file anew for each event, some 300 times in a run of 13 assets; each time statements are
compiled anew, and closing the only connection waits for the disk twice. The files are the same, where stock Dagster has
them, and it may use them at any time, also beside us. A power cut can take the last moments of this history, no more:
what has landed stands in the ledger."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event

from pipelines.settings import ProjectSettings, read_settings

_most_open = 8


class Runs(SqliteRunStorage):
    """The ``run_storage`` of dagster.yaml."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Nothing to say: it lies in ``DAGSTER_HOME``."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        """The storage of this home."""
        return cls.from_local(str(_home() / "history"), inst_data, **config_value)

    @cached_property
    def _engine(self) -> Engine:
        return _kept_open(self._conn_string)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """One transaction."""
        with self._engine.begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Close the file."""
        self._engine.dispose()


class EventLog(SqliteEventLogStorage):
    """The ``event_log_storage`` of dagster.yaml: a file for each run, and one over all runs."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._open: OrderedDict[str, Engine] = OrderedDict()
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Nothing to say: it lies in ``DAGSTER_HOME``."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        """The storage of this home."""
        return cls(str(_home() / "history" / "runs"), inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock, self._engine_of(shard).begin() as connection:
            yield connection

    def _engine_of(self, shard: str) -> Engine:
        """The engine of a file; of the others those stay open that were used last."""
        engine = self._open.pop(shard, None) or _kept_open(self.conn_string_for_shard(shard))
        self._open[shard] = engine
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        while len(self._open) > _most_open:
            self._open.popitem(last=False)[1].dispose()
        return engine

    def has_table(self, table_name: str) -> bool:
        """Whether the file over all runs has the table; asked with each event, and none ever goes."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        """Close all files."""
        super().dispose()
        with self._db_lock:
            while self._open:
                self._open.popitem()[1].dispose()


def _home() -> Path:
    return read_settings(ProjectSettings).home.resolve()


def _kept_open(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = NORMAL"))
    return engine
