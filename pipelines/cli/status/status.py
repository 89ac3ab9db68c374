"""co2sf status: do both connections work, as whom, by which secrets, and with which rights and quota?"""

import json
import platform
from importlib.metadata import version
from typing import Any

import click

from pipelines.cli.status.connection import chargeover_status, salesforce_status
from pipelines.cli.status.text import print_status
from pipelines.ledger.database import shown_url
from pipelines.settings import ProjectSettings, read_settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.pass_context
def status(context: click.Context, *, as_json: bool) -> None:
    """Show both connections: secrets, rights, quota, versions.

    Who we are there, where each secret comes from, and how fresh the login is. Exit code 2 when one of both does
    not work.
    """
    project = read_settings(ProjectSettings)
    told: dict[str, Any] = {
        "salesforce": salesforce_status(),
        "chargeover": chargeover_status(),
        "versions": {"co2sf": version("co2sf"), "dagster": version("dagster"), "python": platform.python_version()},
        "ledger": shown_url(project.ledger_url),
        "connections": project.store.place,
    }
    if as_json:
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        print_status(told)
    context.exit(0 if told["salesforce"]["works"] and told["chargeover"]["works"] else 2)
