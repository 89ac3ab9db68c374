"""co2sf sync: run the sync job here and now; it stands in Dagster's history like every other run."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from pipelines.cli.printing import as_json, show
from pipelines.ledger.ledger import open_ledger
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, check_settings, read_settings


@click.command()
@click.option("--full", is_flag=True, help="Read all of ChargeOver, not only what changed.")
@click.option("--accept-deletes", is_flag=True, help="Agree that many records are gone from ChargeOver.")
@click.option("--resend", is_flag=True, help="Send rows even if Salesforce has accepted the same payload.")
@as_json
@click.pass_context
def sync(context: click.Context, *, full: bool, accept_deletes: bool, resend: bool, as_json: bool) -> None:
    """Bring what changed in ChargeOver to Salesforce."""
    check_settings(ChargeOverSettings, SalesforceSettings)  # before there is a run that could only fail
    from pipelines.definitions import definitions
    from pipelines.orchestration.launch import Asked, run_sync

    job = definitions().resolve_job_def("full_resync" if full else "sync")
    with _bar(hidden=as_json):
        finished = run_sync(job, Asked(whole=full, accept_deletes=accept_deletes, resend=resend))
    show([{"sObject": name, **counts} for name, counts in finished.by_sobject.items()], as_json=as_json)
    for line in finished.failures:
        click.echo(f"co2sf: {line}", err=True)
    context.exit(2 if finished.failures else _owes())


def _owes() -> int:
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        return 1 if ledger.owed(limit=1) else 0


@contextmanager
def _bar(*, hidden: bool) -> Iterator[None]:
    """A progress bar on a terminal; nothing in a pipe."""
    from pipelines.orchestration.progress import listener

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:34}"),
        BarColumn(),
        TextColumn("{task.completed:>8,} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=hidden or not console.is_terminal, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def hear(sobject: str, rows: int) -> None:
            if sobject not in tasks:
                tasks[sobject] = progress.add_task(sobject, total=None)
            progress.advance(tasks[sobject], rows)

        token = listener.set(hear)
        try:
            yield
        finally:
            listener.reset(token)
