"""co2sf sync: run the sync job here and now; it stands in Dagster's history like every other run."""

from pathlib import Path

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.bar import bar
from pipelines.cli.finishing import end
from pipelines.cli.printing import as_json
from pipelines.mapping.reading import read_mappings
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, check_settings, read_settings
from pipelines.sync.planning.applying import check_plan


@click.command()
@click.option("--full", is_flag=True, help="Read all of ChargeOver, not only what changed.")
@click.option("--accept-deletes", is_flag=True, help="Agree that many records are gone from ChargeOver.")
@click.option("--resend", is_flag=True, help="Send rows even if Salesforce has accepted the same payload.")
@click.option("--plan", type=click.Path(path_type=Path), metavar="FILE",
              help="Do exactly what co2sf plan --out has written to the file, or nothing.")  # fmt: skip
@as_json
@click.pass_context
def sync(
    context: click.Context, *, full: bool, accept_deletes: bool, resend: bool, plan: Path | None, as_json: bool
) -> None:
    """Bring what changed in ChargeOver to Salesforce."""
    if plan is not None and (full or accept_deletes or resend):
        raise click.UsageError("--plan says all that is to be done; leave out --full, --accept-deletes and --resend")
    check_settings(ChargeOverSettings, SalesforceSettings)  # before there is a run that could only fail
    if plan is not None:
        _carry_out(context, plan, as_json=as_json)
        return
    from pipelines.definitions import definitions
    from pipelines.orchestration.launch import Asked, run_sync

    job = definitions().resolve_job_def("full_resync" if full else "sync")
    with bar(hidden=as_json):
        finished = run_sync(job, Asked(whole=full, accept_deletes=accept_deletes, resend=resend))
    end(context, finished, as_json=as_json)


def _carry_out(context: click.Context, path: Path, *, as_json: bool) -> None:
    shelf = read_mappings(read_settings(ProjectSettings).mappings, vocabulary())
    plan = check_plan(str(path), shelf)
    if not any(plan.rows):
        click.echo("The plan has nothing to do.", err=as_json)
        return
    from pipelines.definitions import definitions
    from pipelines.orchestration.planned import run_plan

    with bar(hidden=as_json):
        finished = run_plan(definitions().resolve_job_def("sync"), path, plan, shelf)
    end(context, finished, as_json=as_json)
