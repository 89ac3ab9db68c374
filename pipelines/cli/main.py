"""The command line: which commands there are, and what an error looks like."""

import gc
import sys

import click

from pipelines.cli.alerts import alerts
from pipelines.cli.backfill import backfill
from pipelines.cli.checking.check import check
from pipelines.cli.connecting.connect import connect
from pipelines.cli.drift import drift
from pipelines.cli.fields.editor import editor
from pipelines.cli.fields.fields import fields
from pipelines.cli.fields.suggest import suggest
from pipelines.cli.listen import listen
from pipelines.cli.log import log
from pipelines.cli.money import money
from pipelines.cli.owed import owed
from pipelines.cli.planning.plan import plan
from pipelines.cli.preview import preview
from pipelines.cli.prune import prune
from pipelines.cli.resync import resync
from pipelines.cli.retry import retry
from pipelines.cli.schema.schema import schema
from pipelines.cli.status.status import status
from pipelines.cli.sync import sync
from pipelines.cli.testing.test import test
from pipelines.cli.watch import watch
from pipelines.cli.webhooks import webhooks
from pipelines.cli.why import why
from pipelines.cli.worker import worker
from pipelines.errors import Co2sfError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def commands() -> None:
    """ChargeOver billing data in Salesforce, declared in YAML, run and explained by Dagster.

    Exit codes: 0 fine, 1 rows are owed, 2 could not run; those of plan are its own.
    """


for command in (
    connect,
    status,
    check,
    fields,
    suggest,
    editor,
    preview,
    test,
    plan,
    sync,
    log,
    owed,
    retry,
    backfill,
    resync,
    money,
    why,
    drift,
    listen,
    webhooks,
    worker,
    watch,
    schema,
    alerts,
    prune,
):
    commands.add_command(command)


def main() -> None:
    """Run a command; one of our errors is one line on stderr and exit code 2, never a traceback."""
    gc.freeze()  # what is loaded stays, and need not be taken apart at the end
    try:
        sys.exit(commands(standalone_mode=True))
    except Co2sfError as error:
        click.echo(f"co2sf: {error}", err=True)
        sys.exit(2)
