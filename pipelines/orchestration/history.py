"""The sync log as Dagster's run history tells it: what ran, why, how it ended, and what it did by verdict."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg
from dagster import DagsterEventType, RunRecord
from dagster_shared.error import SerializableErrorInfo

from pipelines.errors import FixAccess
from pipelines.ledger.outcome import Verdict
from pipelines.orchestration.backfilled import figures
from pipelines.settings import ProjectSettings, read_settings

Figures = dict[str, int | float]
"""The numbers among the metadata of a materialization."""


@dataclass(frozen=True, slots=True)
class Past:
    """One run as the sync log shows it; ``told`` holds the figures of each asset that it materialized."""

    run_id: str
    job: str
    status: str
    why: str
    started_at: datetime | None
    took_seconds: float | None
    told: dict[str, Figures]

    @property
    def by_sobject(self) -> dict[str, dict[str, int]]:
        """The counts of each sObject that was loaded."""
        return {sobject: {name: int(told.get(name, 0)) for name in ("read", *Verdict)} for sobject, told in self.loads}

    @property
    def loads(self) -> list[tuple[str, Figures]]:
        """The figures of each sObject that was loaded."""
        return [(key.partition("/")[2], told) for key, told in self.told.items() if key.startswith("salesforce/")]

    @property
    def lag_seconds(self) -> float | None:
        """The longest way of a change from ChargeOver to Salesforce, None when no landed change told its moment."""
        return max(
            (told["lag seconds, longest"] for _, told in self.loads if "lag seconds, longest" in told), default=None
        )

    @property
    def calls(self) -> tuple[int, int]:
        """How many calls were made to ChargeOver and to Salesforce."""
        read = (told.get("chargeover calls", 0) for key, told in self.told.items() if key.startswith("chargeover/"))
        return int(sum(read)), int(max((told.get("salesforce calls", 0) for _, told in self.loads), default=0))

    @property
    def counts(self) -> Counter[str]:
        """``read`` and each verdict over all sObjects."""
        total: Counter[str] = Counter()
        for counts in self.by_sobject.values():
            total.update(counts)
        return total


def open_history() -> dg.DagsterInstance:
    """Dagster's storage in the home folder; raises FixAccess when there is no such folder."""
    home = read_settings(ProjectSettings).home.resolve()
    if not home.is_dir():
        raise FixAccess(f"environment: DAGSTER_HOME: there is no folder {str(home)!r}; "
                        "run co2sf in the project's folder, or set DAGSTER_HOME to its dagster_home")  # fmt: skip
    return dg.DagsterInstance.from_config(str(home))


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
        why=_why(run),
        started_at=datetime.fromtimestamp(record.start_time, UTC) if record.start_time else None,
        took_seconds=took,
        told=dict(_told(instance, run.run_id)),
    )


def _why(run: dg.DagsterRun) -> str:
    if run.parent_run_id:
        return f"again {run.parent_run_id[:8]}"
    names = ("why", "dagster/sensor_name", "dagster/schedule_name")
    return next((run.tags[name] for name in names if name in run.tags), "by hand")


def _told(instance: dg.DagsterInstance, run_id: str) -> Iterator[tuple[str, Figures]]:
    for entry in instance.get_records_for_run(run_id, of_type=DagsterEventType.ASSET_MATERIALIZATION).records:
        if (found := entry.asset_materialization) is not None:
            several = found.metadata.get(figures)
            if isinstance(several, dg.JsonMetadataValue):
                yield from several.value.items()  # type: ignore[union-attr]
            values = {name: each.value for name, each in found.metadata.items()}
            numbers = {name: value for name, value in values.items() if isinstance(value, int | float)}
            yield found.asset_key.to_user_string(), numbers


def failures_of(instance: dg.DagsterInstance, run_id: str) -> Iterator[str]:
    """Why a run or a part of it could not do its work, in sentences: failed steps, checks that stopped a mapping."""
    kinds = {DagsterEventType.STEP_FAILURE, DagsterEventType.ASSET_CHECK_EVALUATION, DagsterEventType.RUN_FAILURE}
    events = [entry.get_dagster_event() for entry in instance.all_logs(run_id, of_type=kinds)]
    told = [text for event in events if (text := _failure(event))]
    yield from told or (event.message or "" for event in events if event.is_job_failure)


def _failure(event: dg.DagsterEvent) -> str | None:
    if event.is_step_failure:
        failure = event.step_failure_data
        said = failure.user_failure_data.description if failure.user_failure_data else None
        return said or _cause(failure.error) or f"{event.step_key} failed"
    if event.event_type is DagsterEventType.ASSET_CHECK_EVALUATION:
        check = event.asset_check_evaluation_data
        if not check.passed and check.severity is dg.AssetCheckSeverity.ERROR:
            return f"{check.asset_key.to_user_string()}: {check.description}"
    return None


def _cause(error: SerializableErrorInfo | None) -> str:
    """The first cause of an error that we did not foresee, with the place it comes from."""
    while error is not None and error.cause is not None:
        error = error.cause
    if error is not None and error.cls_name in {"DagsterExecutionInterruptedError", "KeyboardInterrupt"}:
        return "stopped; run it again, it finishes what is left"
    return "" if error is None else f"{error.message.strip()} (unforeseen){''.join(error.stack[-1:]).rstrip()}"
