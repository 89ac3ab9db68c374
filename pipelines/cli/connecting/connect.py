"""co2sf connect: both connections, set up and checked."""

import click

from pipelines.cli.connecting.chargeover import chargeover
from pipelines.cli.connecting.salesforce import salesforce


@click.group()
def connect() -> None:
    """Set up the connection to ChargeOver or Salesforce.

    It is checked, and its secrets are kept. CO2SF_CONNECTIONS says where: a file that only you can read, the
    system's key ring, or nowhere.
    """


connect.add_command(salesforce)
connect.add_command(chargeover)
