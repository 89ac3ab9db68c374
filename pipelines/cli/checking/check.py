"""co2sf check: are all mapping files in order, do they fit the org, and what does the ChargeOver account support?"""

import json
from pathlib import Path

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.checking.calls import calls_data, calls_text
from pipelines.cli.checking.live_check import ask
from pipelines.cli.checking.recheck import recheck
from pipelines.cli.checking.report import as_data, print_account
from pipelines.cli.checking.verdict import Verdict, lines, wrapped
from pipelines.cli.edited import contents_of
from pipelines.cli.printing import as_json, show
from pipelines.mapping.reading import read_mappings
from pipelines.settings import ProjectSettings, read_settings


@click.command()
@click.option("--live", is_flag=True, help="Log in to both sides: compare the mappings with the org, and say what the "
              "ChargeOver account supports and how long it takes to go through it.")  # fmt: skip
@click.option("--again", is_flag=True, help="With --live: ask anew what the account supports; else it is asked once.")
@click.option(
    "--mappings", type=click.Path(path_type=Path), help="Take the files of this folder instead of CO2SF_MAPPINGS."
)
@click.option("--watch", is_flag=True, help="Check again whenever a mapping is saved, until Ctrl-C, and tell only what "
              "is new (+) and what is gone (-).")  # fmt: skip
@as_json
@click.pass_context
def check(
    context: click.Context, *, live: bool, again: bool, mappings: Path | None, watch: bool, as_json: bool
) -> None:
    """Check all mapping files and list every problem by its place."""
    if again and not live:
        raise click.UsageError("--again asks the ChargeOver account: write --live --again")
    if watch and as_json:
        raise click.UsageError("--watch tells what changes, line by line: leave out --json")
    folder = mappings or read_settings(ProjectSettings).mappings
    contents, shelf = contents_of(folder), read_mappings(folder, vocabulary())
    verdict = Verdict(shelf, ask(shelf, again=again) if live else None)
    if as_json:
        _print_data(verdict)
    else:
        _print_text(verdict)
    if watch:
        verdict = recheck(folder, contents, verdict)
    context.exit(verdict.code)


def _print_data(verdict: Verdict) -> None:
    problems = [{"severity": severity, "text": text} for severity, text in verdict.findings]
    if verdict.live is None:
        show(problems, as_json=True)
    else:
        live = verdict.live
        told = {"problems": problems, **as_data(live.account), "salesforce_calls": calls_data(live.calls)}
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))


def _print_text(verdict: Verdict) -> None:
    for line in lines(verdict.findings):
        click.echo(line)
    click.echo(wrapped(verdict.words()), err=bool(verdict.findings))
    if verdict.live:
        print_account(verdict.live.account)
        click.echo(f"\n{wrapped(calls_text(verdict.live.calls))}")
