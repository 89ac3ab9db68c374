"""Running the sync job in this process, in the same history that the UI shows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import dagster as dg
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import create_execution_plan, execute_run
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

from pipelines.ledger.choice import Choice
from pipelines.orchestration.abandoned import process_tag, report_abandoned, this_process
from pipelines.orchestration.history import failures_of, open_history, past_runs
from pipelines.orchestration.jobs import lane_tag, quiet
from pipelines.orchestration.retry import said
from pipelines.orchestration.specs import riding
from pipelines.sync.allowance import BACKFILL, LIVE

_location = "co2sf"  # as in workspace.yaml
_module = "pipelines.definitions"


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run ended: counts by sObject, and what could not run."""

    run_id: str
    by_sobject: dict[str, dict[str, int]]
    failures: list[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for beyond what changed."""

    whole: bool = False
    accept_deletes: bool = False
    resend: bool = False
    retry: Choice | None = None
    paced: bool = False
    """Only what changed or is hinted at, and lists whose turn it is: as the sensor asks."""
    why: str = "co2sf sync"
    """What the sync log gives as the reason of the run."""


def run_sync(job: dg.JobDefinition, asked: Asked) -> Finished:
    """Run ``sync``, ``full_resync`` or ``retry_owed`` to its end."""
    return run_here(job, _config(job, asked), _tags(asked))


def run_here(
    job: dg.JobDefinition, config: Mapping[str, object], tags: Mapping[str, str], assets: Collection[dg.AssetKey] = ()
) -> Finished:
    """Run a job, or some ``assets`` of it with the checks that ride on their steps, to its end; failures are sentences,
    not exceptions."""
    with open_history() as instance:
        report_abandoned(instance)
        run = instance.create_run_for_job(
            job,
            _steps(job, assets, config),
            run_config=config,
            tags={process_tag: this_process(), **tags},
            asset_selection=frozenset(assets) or None,
            remote_job_origin=_origin(job.name),
        )
        execute_run(InMemoryJob(job), run, instance)
        past = next(past_runs(instance, 1, run.run_id))
        return Finished(run.run_id, past.by_sobject, list(failures_of(instance, run.run_id)))


def _steps(job: dg.JobDefinition, assets: Collection[dg.AssetKey], config: Mapping[str, object]) -> ExecutionPlan:
    """What runs: of some assets not the standing checks, which Dagster would add."""
    named = job.get_subset(asset_selection=set(assets), asset_check_selection=set(riding(assets))) if assets else job
    return create_execution_plan(named, config)


def _tags(asked: Asked) -> dict[str, str]:
    why = "co2sf retry" if asked.retry else asked.why
    return {"why": why, lane_tag: BACKFILL if asked.whole else LIVE}


def _config(job: dg.JobDefinition, asked: Asked) -> dict[str, object]:
    """Settings of the steps that the job has: without a single good mapping there is nothing to extract or load."""
    extract: dict[str, object] = {"whole": asked.whole, "accept_deletes": asked.accept_deletes, "paced": asked.paced}
    if asked.retry is not None:
        extract |= {"paced": True, "retry": said(asked.retry)}
    wanted = {"extract": {"config": extract}, "load": {"config": {"resend": asked.resend}}}
    steps = {node.name for node in job.nodes}
    return quiet | {"ops": {name: config for name, config in wanted.items() if name in steps}}


def _origin(job_name: str) -> RemoteJobOrigin:
    """Where the job comes from, so that the UI's re-execute button finds it."""
    target = LoadableTargetOrigin(module_name=_module)
    location = ManagedGrpcPythonEnvCodeLocationOrigin(target, _location)
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, "__repository__"), job_name)
