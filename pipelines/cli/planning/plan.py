"""co2sf plan: what a sync would do now, or what an edited mapping would change; nothing is written."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.planning.excerpt import Excerpt
from pipelines.cli.planning.markdown import markdown
from pipelines.cli.planning.text import print_plan
from pipelines.errors import Co2sfError
from pipelines.ledger.ledger import open_ledger
from pipelines.mapping.reading import read_mappings
from pipelines.mapping.shelf import Shelf
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, check_settings, read_settings
from pipelines.sync.planning.document import write_plan
from pipelines.sync.planning.planned import Plan
from pipelines.sync.planning.planner import plan_of
from pipelines.sync.planning.scope import scope_of

NO_CHANGES, FAILED, CHANGES = 0, 1, 2
"""Exit codes, as those of terraform plan -detailed-exitcode."""


class _Detailed(click.Command):
    """A command of which 2 means changes, so that whatever goes wrong ends with 1."""

    def make_context(self, *parts: Any, **extra: Any) -> click.Context:  # noqa: ANN401 - as click calls it
        """Read what was typed."""
        try:
            return super().make_context(*parts, **extra)
        except click.UsageError as error:
            error.show()
            sys.exit(FAILED)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click calls it
        """Run it."""
        try:
            return super().invoke(ctx)
        except Co2sfError as error:
            click.echo(f"co2sf: {error}", err=True)
            ctx.exit(FAILED)


@click.command(cls=_Detailed)
@click.argument("names", nargs=-1, metavar="[MAPPING...]")
@click.option("--all", "whole", is_flag=True, help="All records of the mappings, as co2sf resync MAPPING reads them.")
@click.option("--ids", multiple=True, metavar="OBJECT:ID", help="This record alone; may be given several times.")
@click.option("--sample", default=5, show_default=True, type=click.IntRange(min=0), metavar="N",
              help="Show so many rows of each mapping.")  # fmt: skip
@click.option("--full", is_flag=True, help="Show all rows.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option("--markdown", "form", flag_value="markdown", help="Print a comment for a pull request.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE",
              help="Keep the plan, for co2sf sync --plan FILE; the file holds customers' values.")  # fmt: skip
@click.pass_context
def plan(  # noqa: PLR0913 - options
    context: click.Context,
    *,
    names: Sequence[str],
    whole: bool,
    ids: Sequence[str],
    sample: int,
    full: bool,
    form: str | None,
    out: Path | None,
) -> None:
    """Show what a sync would do now; nothing is written.

    MAPPING is the name of a mapping file, say invoices: it and those that its lookups name; all when left out. With
    --all: what an edited mapping would change.

    Exit codes: 0 nothing would change, 1 could not plan all, 2 something would change.
    """
    check_settings(ChargeOverSettings, SalesforceSettings)
    shelf = read_mappings(read_settings(ProjectSettings).mappings, vocabulary())
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        found = plan_of(scope_of(shelf, names, ids, whole=whole), shelf, ledger)
    _print(Excerpt(found, None if full else sample), form)
    if out is not None:
        write_plan(out, found)
        click.echo(f"\n{out} holds customers' values, and only you can read it (mode 0600); delete it when it is "
                   f"carried out: co2sf sync --plan {out}", err=True)  # fmt: skip
    context.exit(_exit_code(found, shelf))


def _print(excerpt: Excerpt, form: str | None) -> None:
    if form == "json":
        click.echo(json.dumps(excerpt.data(), indent=1, ensure_ascii=False))
    elif form == "markdown":
        click.echo(markdown(excerpt))
    else:
        print_plan(excerpt)


def _exit_code(found: Plan, shelf: Shelf) -> int:
    """What could not be planned is said, and counts more than what would change."""
    for problem in shelf.problems:
        click.echo(f"co2sf: {problem}", err=True)
    if shelf.problems or any(each.stopped for each in found.mappings):
        return FAILED
    return CHANGES if found.changes_something else NO_CHANGES
