"""What runs that have ended show: that a job fails, that it does so no longer, and how its checks came out."""

import dagster as dg
from dagster import DagsterEventType, RunRecord

from pipelines.alerts.problem import ERROR, WARNING, Problem, Seen
from pipelines.orchestration.history import failures_of
from pipelines.orchestration.ui import check_page, run_page

RUN, CHECK = "run", "check"
OF_ASSETS = "__ASSET_JOB"
"""The job of runs that are started on assets."""
WILL_RETRY = "dagster/will_retry"
_partition_tags = ("dagster/partition", "dagster/asset_partition_range_start", "dagster/asset_partition_range_end")


def look_at(instance: dg.DagsterInstance, record: RunRecord, seen: Seen, ui_url: str) -> None:
    """Add what one run shows; a failed run that Dagster repeats by itself is no problem yet."""
    run = record.dagster_run
    if run.is_success:
        seen.right(run_key(run))
    elif run.is_failure and run.tags.get(WILL_RETRY) != "true":
        seen.wrong(_failed(instance, run, ui_url))
    for entry in instance.get_records_for_run(run.run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION).records:
        event = entry.event_log_entry.get_dagster_event()
        _look_at_check(event.asset_check_evaluation_data, run.run_id, seen, ui_url)


def run_key(run: dg.DagsterRun) -> str:
    """The same for runs that do the same: of one job, and one partition if it has some."""
    partition = [run.tags[name] for name in _partition_tags if name in run.tags]
    return ":".join([RUN, run.job_name, *partition])


def check_key(key: dg.AssetCheckKey) -> str:
    """Of the problem that a check fails."""
    return f"{CHECK}:{key.asset_key.to_user_string()}:{key.name}"


def _failed(instance: dg.DagsterInstance, run: dg.DagsterRun, ui_url: str) -> Problem:
    name = "A run over assets" if run.job_name == OF_ASSETS else f"Job {run.job_name}"
    partition = run.tags.get(_partition_tags[0], "")
    return Problem(
        run_key(run),
        f"{name}{f' of {partition}' if partition else ''} fails",
        f"run {run.run_id[:8]}: {_why(instance, run)}",
        f"co2sf log --run {run.run_id[:8]} tells all of it; the next run of this job finishes what is left.",
        link=run_page(ui_url, run.run_id),
        run_id=run.run_id,
        times=1,
    )


def _why(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str:
    """The first reason. An error that nobody foresaw may quote a customer's value: its text stays in the history."""
    reasons = list(failures_of(instance, run.run_id))
    first = reasons[0] if reasons else "it did not say why"
    if "(unforeseen)" in first:
        first = "an error that co2sf did not foresee; the page of the run shows it"
    return first if len(reasons) < 2 else f"{first} (and {len(reasons) - 1} more)"


def _look_at_check(check: dg.AssetCheckEvaluation, run_id: str, seen: Seen, ui_url: str) -> None:
    key = dg.AssetCheckKey(check.asset_key, check.check_name)
    if check.passed:
        seen.right(check_key(key))
        return
    is_warning = check.severity is dg.AssetCheckSeverity.WARN
    seen.wrong(
        Problem(
            check_key(key),
            f"Check {check.check_name} of {check.asset_key.to_user_string()} {'warns' if is_warning else 'fails'}",
            check.description or "it did not say why",
            "do what it says; the next run over this asset checks again.",
            WARNING if is_warning else ERROR,
            check_page(ui_url, key),
            run_id,
        )
    )
