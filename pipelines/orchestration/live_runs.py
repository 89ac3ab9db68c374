"""The live runs: whether one is in flight, and how long those that failed in a row keep the next one waiting."""

from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile

import dagster as dg
from dagster import RunRecord

from pipelines.orchestration.jobs import lane_of, sync
from pipelines.orchestration.waiting import Waits
from pipelines.sync.allowance import LIVE

_first_wait, _longest_wait = timedelta(seconds=10), timedelta(minutes=10)
_counted = 8  # that many failures in a row wait longest
finished = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
in_flight = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING,
              dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]  # fmt: skip


def is_one_in_flight(instance: dg.DagsterInstance) -> bool:
    """Whether a live run waits in the queue or is under way; those of backfills do not count."""
    return bool(_last(instance, 1, in_flight))


def failed_in_a_row(instance: dg.DagsterInstance) -> int:
    """How many of the last live runs failed; raises Waits while it is too early for the next."""
    last = _last(instance, _counted)
    failed = len(list(takewhile(lambda each: not each.dagster_run.is_success, last)))
    patience = _patience(failed)
    if failed and datetime.now(UTC) - _end_of(last[0]) < patience:
        seconds = patience.total_seconds()
        raise Waits(f"syncs that failed in a row: {failed}; the next starts {seconds:.0f} s after the last")
    return failed


def _end_of(record: RunRecord) -> datetime:
    """Not its start: while Dagster takes up a run that died, no second one is asked for."""
    return datetime.fromtimestamp(record.end_time, UTC) if record.end_time else record.create_timestamp


def _patience(failed: int) -> timedelta:
    """How long to wait after so many failed runs in a row: 10 s, 20 s, 40 s, at most ten minutes."""
    return min(_first_wait * 2.0 ** (failed - 1), _longest_wait) if failed else timedelta(0)


def _last(
    instance: dg.DagsterInstance, number: int, statuses: list[dg.DagsterRunStatus] | None = None
) -> list[RunRecord]:
    filters = dg.RunsFilter(job_name=sync.name, statuses=statuses)
    found = instance.get_run_records(filters, limit=2 * _counted)
    return list(islice((each for each in found if lane_of(each.dagster_run) == LIVE), number))
