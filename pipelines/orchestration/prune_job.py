"""The job ``prune`` and its daily schedule."""

from dataclasses import asdict
from datetime import UTC, datetime

import dagster as dg

from pipelines.orchestration.connections import Connections
from pipelines.orchestration.failing import explained
from pipelines.orchestration.jobs import quiet
from pipelines.orchestration.pruning import Pruned, Pruning
from pipelines.settings import RetentionSettings, read_settings


class PruneConfig(dg.Config):
    """Whether it is meant."""

    dry_run: bool = False
    """Only say what would go."""


@dg.op(name="remove_old", out=dg.Out(dg.Nothing))
def prune_op(context: dg.OpExecutionContext, config: PruneConfig, connections: Connections) -> None:
    """Remove old runs, old lines of the ledger's log and staged parts of dead runs."""
    with explained(), connections.ledger() as ledger:
        settings, now = read_settings(RetentionSettings), datetime.now(UTC)
        pruning = Pruning(context.instance, ledger, settings, now, rehearsal=config.dry_run)
        pruned = pruning.prune(connections.staging())
    context.log.info(said(pruned))
    context.add_output_metadata(asdict(pruned))


@dg.job(
    name="prune",
    description="Remove runs older than CO2SF_KEEP_RUNS_DAYS with their files, lines of the ledger's log older than "
    "CO2SF_KEEP_LOG_DAYS, and staged parts of dead runs. Nothing that is owed or needed.",
    config=quiet,
)
def prune() -> None:
    """One step."""
    prune_op()


prune_daily = dg.ScheduleDefinition(
    name="prune_daily",
    job=prune,
    cron_schedule="30 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)


def said(pruned: Pruned) -> str:
    """What went, in a sentence."""
    counts = [f"{number:,} {name.replace('_', ' ')}" for name, number in asdict(pruned).items() if name not in _apart]
    size = f"{pruned.bytes_freed / 1e6:,.1f} MB"
    return f"{', '.join(counts)}; {size}{'' if pruned.is_all else '; more is left for the next time'}"


_apart = {"bytes_freed", "is_all"}
