"""The same assets as Dagster would run them with its stock settings: a sensor every 30 s, a process for each step."""

import dagster as dg

import pipelines.definitions as ours
from pipelines.orchestration import lookout
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import sync
from pipelines.orchestration.sensor import ask

lookout.tick_seconds = 0  # one look a tick


@dg.sensor(job=sync, default_status=dg.DefaultSensorStatus.RUNNING)
def changes(context: dg.SensorEvaluationContext, connections: Connections) -> dg.RunRequest | dg.SkipReason:
    """The sensor at Dagster's own interval."""
    return ask(context, connections)


@dg.definitions
def definitions() -> dg.Definitions:
    """Ours, but for the sensor and the executor."""
    made = ours.definitions()
    return dg.Definitions(
        assets=made.assets, jobs=made.jobs, sensors=[changes], resources=made.resources,
        executor=dg.multiprocess_executor,
    )  # fmt: skip
