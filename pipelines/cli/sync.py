"""co2sf sync: run the sync job here and now; it stands in Dagster's history like every other run."""

import click

from pipelines.cli.bar import bar
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
    with bar(hidden=as_json):
        finished = run_sync(job, Asked(whole=full, accept_deletes=accept_deletes, resend=resend))
    show([{"sObject": name, **counts} for name, counts in finished.by_sobject.items()], as_json=as_json)
    for line in finished.failures:
        click.echo(f"co2sf: {line}", err=True)
    context.exit(2 if finished.failures else owes())


def owes() -> int:
    """The exit code after a run that could do its work: 1 when rows are owed."""
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        return 1 if ledger.owed(limit=1) else 0
