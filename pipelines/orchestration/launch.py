"""Running the sync job in this process, in the same history that the UI shows."""

from collections.abc import Iterator
from dataclasses import dataclass

import dagster as dg
from dagster._utils.error import SerializableErrorInfo

from pipelines.orchestration.history import past_runs


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run ended: counts by sObject, what could not run, and how many rows are owed after it."""

    run_id: str
    by_sobject: dict[str, dict[str, int]]
    failures: list[str]


def run_sync(*, whole: bool, resend: bool) -> Finished:
    """Run ``sync`` (or ``full_resync``) to its end; failures are sentences, not exceptions."""
    from pipelines.definitions import definitions

    job = definitions().resolve_job_def("full_resync" if whole else "sync")
    config = {
        "ops": {"extract": {"config": {"whole": whole}}, "load": {"config": {"resend": resend}}},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},  # the terminal shows the result, not the events
    }
    with dg.DagsterInstance.get() as instance:
        result = job.execute_in_process(
            run_config=config, instance=instance, raise_on_error=False, tags={"why": "co2sf sync"}
        )
        past = next(past_runs(instance, 1, result.run_id))
        return Finished(result.run_id, past.by_sobject, [*_step_failures(result), *_failed_checks(result)])


def _step_failures(result: dg.ExecuteInProcessResult) -> Iterator[str]:
    for event in result.all_events:
        if event.is_step_failure:
            failure = event.step_failure_data
            told = failure.user_failure_data.description if failure.user_failure_data else None
            yield told or _cause(failure.error) or f"{event.step_key} failed"


def _cause(error: SerializableErrorInfo | None) -> str:
    """The first cause of an error that we did not foresee, with the place it comes from."""
    while error is not None and error.cause is not None:
        error = error.cause
    return "" if error is None else f"{error.message.strip()} (unforeseen){''.join(error.stack[-1:]).rstrip()}"


def _failed_checks(result: dg.ExecuteInProcessResult) -> Iterator[str]:
    """What could not run although the step went on: broken mapping files, mappings that do not fit the org."""
    for event in result.all_events:
        if event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if not check.passed and check.severity is dg.AssetCheckSeverity.ERROR:
                yield f"{check.asset_key.to_user_string()}: {check.description}"
