"""How a command ends that ran a job: counts by sObject, what failed, and an exit code that says it all."""

from typing import TYPE_CHECKING

import click

from pipelines.cli.printing import show
from pipelines.ledger.ledger import open_ledger
from pipelines.settings import ProjectSettings, read_settings

if TYPE_CHECKING:
    from pipelines.orchestration.launch import Finished


def end(context: click.Context, finished: "Finished", *, as_json: bool) -> None:
    """Print the counts of a run and what failed in it, and end: 0 fine, 1 rows are owed, 2 it could not do its work."""
    show([{"sObject": name, **counts} for name, counts in finished.by_sobject.items()], as_json=as_json)
    end_of(context, finished)


def end_of(context: click.Context, finished: "Finished") -> None:
    """Print what failed in a run, and end."""
    for line in finished.failures:
        click.echo(f"co2sf: {line}", err=True)
    context.exit(2 if finished.failures else owes())


def owes() -> int:
    """The exit code after a run that could do its work: 1 when rows are owed."""
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        return 1 if ledger.owed(limit=1) else 0
