"""co2sf check: are all mapping files in order, and do they fit the org?"""

from pathlib import Path

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.printing import as_json, show
from pipelines.mapping.fit import fit
from pipelines.mapping.reading import Shelf, read_mappings
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, check_settings, read_settings
from pipelines.sync.accounts import chargeover_of, org_of


@click.command()
@click.option("--live", is_flag=True, help="Log in to both sides and compare the mappings with the org as well.")
@click.option(
    "--mappings", type=click.Path(path_type=Path), help="Take the files of this folder instead of CO2SF_MAPPINGS."
)
@as_json
@click.pass_context
def check(context: click.Context, *, live: bool, mappings: Path | None, as_json: bool) -> None:
    """Check all mapping files and list every problem by its place."""
    shelf = read_mappings(mappings or read_settings(ProjectSettings).mappings, vocabulary())
    findings = [("error", str(problem)) for problem in shelf.problems] + (_misfits(shelf) if live else [])
    if as_json:
        show([{"severity": severity, "text": text} for severity, text in findings], as_json=True)
    else:
        for severity, text in findings:
            click.echo(text if severity == "error" else f"{text} (warning)")
        click.echo(_verdict(shelf, findings, live=live), err=bool(findings))
    context.exit(2 if any(severity == "error" for severity, _ in findings) else 0)


def _misfits(shelf: Shelf) -> list[tuple[str, str]]:
    check_settings(ChargeOverSettings, SalesforceSettings)
    chargeover_of(read_settings(ChargeOverSettings)).now()
    org = org_of(read_settings(SalesforceSettings))
    found = [misfit for each in shelf.mappings for misfit in fit(each, org.describe(each.to))]
    return [(misfit.severity, str(misfit)) for misfit in found]


def _verdict(shelf: Shelf, findings: list[tuple[str, str]], *, live: bool) -> str:
    where = "fit the org" if live else "are in order"
    if not findings:
        order = " -> ".join(each.to for each in shelf.mappings)
        return f"{len(shelf.mappings)} mappings {where}. Load order: {order}"
    errors = sum(severity == "error" for severity, _ in findings)
    return f"{errors} errors, {len(findings) - errors} warnings; {len(shelf.mappings)} mappings can run"
