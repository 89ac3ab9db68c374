"""Dagster's own history, its SQLite files kept open.

Stock Dagster connects to a file anew for each event, some 300 times in a run of 13 assets; each time statements are
compiled anew, and closing the only connection waits for the disk twice. The files are the same, where stock Dagster has
them, and it may use them at any time, also beside us. A power cut can take the last moments of this history, no more:
what has landed stands in the ledger."""

import shutil
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any, Self

import dagster
from dagster import DagsterEventType, EventLogEntry
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorageWatchdog
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS, create_db_conn_string
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool
from watchdog.events import FileSystemEvent
from watchdog.observers import Observer

from pipelines.orchestration.appearing import appear
from pipelines.settings import ProjectSettings, read_settings

_most_open = 8
_right: set[str] = set()
"""The files that this process has found to be as this Dagster needs them; to look takes it 50 ms each time."""
Heard = Callable[[EventLogEntry, str], None]
"""What hears of an event, with the place behind it."""


class Runs(SqliteRunStorage):
    """The ``run_storage`` of dagster.yaml."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Nothing to say: it lies in ``DAGSTER_HOME``."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        """The storage of this home."""
        folder = _home() / "history"
        url = create_db_conn_string(str(folder), "runs")
        if url in _right and (folder / "runs.db").exists():
            return cls(url, inst_data)
        _right.add(url)
        return cls.from_local(str(folder), inst_data, **config_value)

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

    _obs: Any  # the base class says None

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
            # stock Dagster makes each step by step, which takes 150 ms
            appear(Path(self.path_for_shard(shard)), lambda beside: shutil.copy(self._empty, beside))
            self._initialized_dbs.add(shard)
        while len(self._open) > _most_open:
            self._open.popitem(last=False)[1].dispose()
        return engine

    @cached_property
    def _empty(self) -> Path:
        """A file without events, as this version of Dagster makes it."""
        made = Path(self._base_dir).parent / f"empty-{dagster.__version__}.db"
        appear(made, lambda beside: self._initdb(create_engine(f"sqlite:///{beside}", poolclass=NullPool)))
        return made

    def watch(self, run_id: str, cursor: str | None, callback: Heard) -> None:
        """Call back for each event of a run as it comes: what an open run page shows."""
        if self._obs is None:
            self._obs = Observer()
            self._obs.start()
        watcher = _Watcher(self, run_id, callback, cursor)
        self._watchers[run_id][callback] = watcher, self._obs.schedule(watcher, self._base_dir, recursive=True)

    def get_logs_for_all_runs_by_log_id(
        self,
        after_cursor: int = -1,
        dagster_event_type: DagsterEventType | set[DagsterEventType] | None = None,
        limit: int | None = None,
    ) -> Mapping[int, EventLogEntry]:
        """What Dagster's retries read; a failure only once its run is failed, or they would pass over it for good."""
        found = super().get_logs_for_all_runs_by_log_id(after_cursor, dagster_event_type, limit)
        return dict(takewhile(lambda numbered: self._is_settled(numbered[1]), found.items()))

    def _is_settled(self, entry: EventLogEntry) -> bool:
        """Dagster writes the event first and the status of its run a moment later."""
        if not (entry.dagster_event and entry.dagster_event.is_run_failure):
            return True
        run = self._instance.get_run_by_id(entry.run_id)
        return run is None or run.is_finished

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


class _Watcher(SqliteEventLogStorageWatchdog):
    """Stock Dagster sees a file change when it is closed; one that is kept open changes beside it first."""

    def __init__(self, storage: EventLog, run_id: str, callback: Heard, cursor: str | None) -> None:
        super().__init__(storage, run_id, callback, cursor)
        self._patterns = [self._log_path, f"{self._log_path}-wal"]

    def on_modified(self, event: FileSystemEvent) -> None:  # noqa: ARG002 - of whichever of the two
        """Look for new events."""
        self._process_log()


def _home() -> Path:
    return read_settings(ProjectSettings).home.resolve()


def _kept_open(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = NORMAL"))
    return engine
