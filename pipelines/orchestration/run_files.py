"""The files of a run that Dagster leaves behind when it is deleted: its own SQLite file, and its output."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager
from more_itertools import chunked

_at_once = 500


def bytes_of(instance: dg.DagsterInstance, run_id: str) -> int:
    """How much they take on this machine's disk."""
    files = [*_own(instance, run_id), *(each for folder in _output(instance, run_id) for each in folder.rglob("*"))]
    return sum(each.stat().st_size for each in files if each.is_file())


def remove_files(instance: dg.DagsterInstance, run_id: str) -> None:
    """Remove them; output that lies in an object store too."""
    instance.compute_log_manager.delete_logs(prefix=[run_id])
    for file in _own(instance, run_id):
        file.unlink(missing_ok=True)
    for folder in _output(instance, run_id):
        shutil.rmtree(folder, ignore_errors=True)


def orphans(instance: dg.DagsterInstance, before: datetime) -> Iterator[str]:
    """Runs that are gone from the history while their own file, not written to since, is still there."""
    storage = instance.event_log_storage
    if not isinstance(storage, SqliteEventLogStorage):
        return
    written = ((each, _written_at(Path(storage.path_for_shard(each)))) for each in storage.get_all_run_ids() if each)
    for run_ids in chunked((each for each, at in written if at < before.timestamp()), _at_once):
        known = {each.run_id for each in instance.get_runs(dg.RunsFilter(run_ids=run_ids))}
        yield from (each for each in run_ids if each not in known)


def _written_at(file: Path) -> float:
    return file.stat().st_mtime if file.exists() else float("inf")


def _own(instance: dg.DagsterInstance, run_id: str) -> list[Path]:
    storage = instance.event_log_storage
    if not isinstance(storage, SqliteEventLogStorage):
        return []
    file = Path(storage.path_for_shard(run_id))
    return [each for end in ("", "-wal", "-shm", "-journal") if (each := Path(f"{file}{end}")).exists()]


def _output(instance: dg.DagsterInstance, run_id: str) -> Iterator[Path]:
    manager = instance.compute_log_manager
    if isinstance(manager, LocalComputeLogManager):
        folder = Path(manager.get_captured_local_path([run_id, "any"], "out")).parent
        if folder.is_dir():
            yield folder
