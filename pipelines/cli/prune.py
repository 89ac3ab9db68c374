"""co2sf prune: what the job prune does every day, here and now."""

from dataclasses import asdict
from datetime import UTC, datetime

import click

from pipelines.cli.printing import as_json, show
from pipelines.settings import RetentionSettings, read_settings


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@as_json
def prune(*, dry_run: bool, as_json: bool) -> None:
    """Remove old runs with their files, and old log lines.

    Nothing that is owed or needed.
    """
    settings = read_settings(RetentionSettings)
    from pipelines.orchestration.connections import Connections
    from pipelines.orchestration.history import open_history
    from pipelines.orchestration.prune_job import said
    from pipelines.orchestration.pruning import Pruning

    connections = Connections()
    with open_history() as instance, connections.ledger() as ledger:
        pruning = Pruning(instance, ledger, settings, datetime.now(UTC), rehearsal=dry_run)
        pruned = pruning.prune(connections.staging())
    if as_json:
        show([asdict(pruned)], as_json=True)
    else:
        click.echo(f"{'Would remove' if dry_run else 'Removed'}: {said(pruned)}.")
