"""co2sf sync: run the sync job here and now; it stands in Dagster's history like every other run."""

import click

from pipelines.cli.bar import bar
from pipelines.cli.finishing import end
from pipelines.cli.printing import as_json
from pipelines.settings import ChargeOverSettings, SalesforceSettings, check_settings


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
    end(context, finished, as_json=as_json)
