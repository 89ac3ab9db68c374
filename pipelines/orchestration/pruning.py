"""Pruning: what is old and not needed goes, in small pieces, for a bounded time; what is left goes another time."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import dagster as dg
from dagster import RunRecord
from dagster._core.storage.event_log import SqlEventLogStorage, SqliteEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from more_itertools import chunked

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.space import reclaim
from pipelines.orchestration import staged
from pipelines.orchestration.live_runs import finished
from pipelines.orchestration.needed_runs import needed_runs
from pipelines.orchestration.run_files import bytes_of, orphans, remove_files
from pipelines.settings import RetentionSettings
from pipelines.sync.staging import Staging

_at_once = 100  # who wants to write to Dagster's index waits meanwhile
_page = 500


@dataclass(slots=True)
class Pruned:
    """What went, or would go."""

    runs: int = 0
    orphans: int = 0
    """Files of runs that are gone already."""
    log_lines: int = 0
    staged_runs: int = 0
    old_jobs: int = 0
    old_counts: int = 0
    bytes_freed: int = 0
    is_all: bool = True
    """Whether it could be finished in time."""


class Pruning:
    """One pruning of Dagster's history, the ledger and the staged parts; a ``rehearsal`` changes nothing."""

    def __init__(
        self, instance: dg.DagsterInstance, ledger: Ledger, settings: RetentionSettings, now: datetime, *,
        rehearsal: bool = False,
    ) -> None:  # fmt: skip
        self._instance, self._ledger, self._settings, self._now = instance, ledger, settings, now
        self._rehearsal = rehearsal
        self._ends = monotonic() + settings.pruning_minutes * 60
        self.pruned = Pruned()

    def prune(self, staging: Staging) -> Pruned:
        """Prune all there is."""
        self._prune_staged(staging)
        self._prune_ledger()
        self._prune_runs()
        self._prune_orphans()
        self._prune_files()
        return self.pruned

    @property
    def _is_late(self) -> bool:
        if monotonic() > self._ends:
            self.pruned.is_all = False
        return not self.pruned.is_all

    def _prune_runs(self) -> None:
        before = self._now - timedelta(days=self._settings.runs_days)
        needed = needed_runs(self._instance, self._ledger, self._settings.runs_at_least)
        old = (run_id for record in _old(self._instance, before) if (run_id := record.dagster_run.run_id) not in needed)
        for run_ids in chunked(old, _at_once):
            if self._is_late:
                return
            self.pruned.bytes_freed += sum(bytes_of(self._instance, each) for each in run_ids)
            self.pruned.runs += len(run_ids)
            if not self._rehearsal:
                delete_runs(self._instance, run_ids)

    def _prune_orphans(self) -> None:
        """Files that stayed when a run was deleted in the UI."""
        for run_id in orphans(self._instance, self._now - timedelta(days=1)):
            if self._is_late:
                return
            self.pruned.bytes_freed += bytes_of(self._instance, run_id)
            self.pruned.orphans += 1
            if not self._rehearsal:
                remove_files(self._instance, run_id)

    def _prune_ledger(self) -> None:
        before = self._now - timedelta(days=self._settings.log_days)
        if self._rehearsal:
            self.pruned.log_lines = self._ledger.old_lines(before)
            return
        self.pruned.old_jobs = self._ledger.forget_jobs(self._now)
        self.pruned.old_counts = self._ledger.forget_calls(self._now)
        while not self._is_late and (lines := self._ledger.forget_log(before)):
            self.pruned.log_lines += lines

    def _prune_staged(self, staging: Staging) -> None:
        if not self._rehearsal:
            self.pruned.staged_runs = staged.prune(self._instance, staging)

    def _prune_files(self) -> None:
        """Give back what the databases of this machine no longer use."""
        if not self._rehearsal:
            files = [*_files(self._instance), *self._ledger.files()]
            self.pruned.bytes_freed += sum(reclaim(each) for each in files)


def delete_runs(instance: dg.DagsterInstance, run_ids: Collection[str]) -> None:
    """Delete runs with their events, the results of their checks, and their files.

    Dagster's own delete_run takes a transaction of each file for each run, leaves the results of checks in the index,
    and the files."""
    storage = instance.event_log_storage
    if isinstance(storage, SqlEventLogStorage):
        with storage.index_connection() as connection:
            for run_id in run_ids:
                storage.delete_events_for_run(connection, run_id)
            connection.execute(
                AssetCheckExecutionsTable.delete().where(AssetCheckExecutionsTable.c.run_id.in_(list(run_ids)))
            )
    for run_id in run_ids:
        remove_files(instance, run_id)
        instance.run_storage.delete_run(run_id)


def _old(instance: dg.DagsterInstance, before: datetime) -> Iterator[RunRecord]:
    """Finished runs that have not changed since, the oldest first."""
    after = None
    while True:
        filters = dg.RunsFilter(statuses=finished, updated_before=before, updated_after=after)
        found = instance.get_run_records(filters, limit=_page, order_by="update_timestamp", ascending=True)
        yield from found
        if len(found) < _page:
            return
        after = found[-1].update_timestamp


def _files(instance: dg.DagsterInstance) -> list[Path]:
    """Dagster's SQLite files, where it has some."""
    storage = instance.event_log_storage
    if not isinstance(storage, SqliteEventLogStorage):
        return []
    index = Path(storage.path_for_shard("index"))
    return [index, index.parent.parent / "runs.db", index.parent.parent.parent / "schedules" / "schedules.db"]
