"""The sync log as Dagster's run history tells it: what ran, why, how it ended, and what it did by verdict."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg
from dagster import DagsterEventType, RunRecord

from pipelines.ledger.outcome import Verdict


@dataclass(frozen=True, slots=True)
class Past:
    """One run as the sync log shows it; ``by_sobject`` holds the counts of each sObject that was loaded."""

    run_id: str
    job: str
    status: str
    why: str
    started_at: datetime | None
    took_seconds: float | None
    by_sobject: dict[str, dict[str, int]]

    @property
    def counts(self) -> Counter[str]:
        """``read`` and each verdict over all sObjects."""
        total: Counter[str] = Counter()
        for counts in self.by_sobject.values():
            total.update(counts)
        return total


def past_runs(instance: dg.DagsterInstance, limit: int, run_id: str | None = None) -> Iterator[Past]:
    """The last runs, newest first; ``run_id`` may be the beginning of one."""
    for record in instance.get_run_records(limit=limit if run_id is None else 1000):
        if run_id is None or record.dagster_run.run_id.startswith(run_id):
            yield _past(instance, record)


def _past(instance: dg.DagsterInstance, record: RunRecord) -> Past:
    run = record.dagster_run
    took = record.end_time - record.start_time if record.start_time and record.end_time else None
    return Past(
        run_id=run.run_id,
        job="assets" if run.job_name == "__ASSET_JOB" else run.job_name,
        status=run.status.value.lower(),
        why=run.tags.get("dagster/sensor_name")
        or run.tags.get("dagster/schedule_name")
        or run.tags.get("why", "by hand"),
        started_at=datetime.fromtimestamp(record.start_time, UTC) if record.start_time else None,
        took_seconds=took,
        by_sobject=dict(_loads(instance, run.run_id)),
    )


def _loads(instance: dg.DagsterInstance, run_id: str) -> Iterator[tuple[str, dict[str, int]]]:
    for entry in instance.get_records_for_run(run_id, of_type=DagsterEventType.ASSET_MATERIALIZATION).records:
        materialization = entry.asset_materialization
        if materialization is not None and materialization.asset_key.path[0] == "salesforce":
            numbers = {name: each.value for name, each in materialization.metadata.items()}
            counts = {str(name): numbers.get(name) for name in ("read", *Verdict)}
            yield materialization.asset_key.path[-1], {n: c if isinstance(c, int) else 0 for n, c in counts.items()}
