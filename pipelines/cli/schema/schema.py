"""co2sf schema: what the mappings need an org to have, compared, written as metadata, and deployed."""

import click

from pipelines.cli.schema.deploy import deploy
from pipelines.cli.schema.diff import diff
from pipelines.cli.schema.generate import generate


@click.group()
def schema() -> None:
    """Objects, fields and rights that the mappings need in Salesforce.

    Exit codes: 0 fine, 1 the org lacks something or does not take something, 2 could not run.
    """


for command in (diff, generate, deploy):
    schema.add_command(command)
