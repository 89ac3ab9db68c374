"""The standing checks with the jobs and schedules that run them, as far as the mappings give them work."""

from dataclasses import dataclass, field

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from pipelines.mapping.reading import Shelf
from pipelines.orchestration.drift import drift, drift_checks, drift_schedule
from pipelines.orchestration.freshness import freshness, freshness_checks, freshness_schedule
from pipelines.orchestration.money import money, money_checks, money_schedule


@dataclass(frozen=True, slots=True)
class StandingJobs:
    """What Dagster loads beside the layers."""

    checks: list[dg.AssetChecksDefinition] = field(default_factory=list)
    jobs: list[UnresolvedAssetJobDefinition] = field(default_factory=list)
    schedules: list[dg.ScheduleDefinition] = field(default_factory=list)


def standing_jobs(shelf: Shelf) -> StandingJobs:
    """A job without checks would not load."""
    found = StandingJobs()
    for checks, job, schedule in (
        (money_checks(shelf), money, money_schedule),
        (freshness_checks(shelf), freshness, freshness_schedule),
        (drift_checks(shelf), drift, drift_schedule),
    ):
        if checks:
            found.checks.extend(checks)
            found.jobs.append(job)
            found.schedules.append(schedule)
    return found
