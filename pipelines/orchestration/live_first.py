"""The run queue, in which live runs do not stand: the sensor asks for one at a time, so they need no place in it."""

from dagster import DagsterRun, DagsterRunStatus
from dagster._core.run_coordinator import QueuedRunCoordinator, SubmitRunContext

from pipelines.orchestration.jobs import lane_of, sync
from pipelines.sync.allowance import LIVE


class LiveFirst(QueuedRunCoordinator):
    """Dagster's queue looks once a second which runs may start; a live run starts at once."""

    def submit_run(self, context: SubmitRunContext) -> DagsterRun:
        """Start a live run, let any other wait its turn."""
        run = context.dagster_run
        if run.job_name == sync.name and lane_of(run) == LIVE and run.status is DagsterRunStatus.NOT_STARTED:
            return self._instance.launch_run(run.run_id, context.workspace)
        return super().submit_run(context)
