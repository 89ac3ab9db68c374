"""co2sf check: are all mapping files in order, do they fit the org, and what does the ChargeOver account support?"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from textwrap import fill

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.account import Account, examine
from pipelines.cli.calls import Calls, calls_data, calls_text
from pipelines.cli.lateness import late
from pipelines.cli.printing import as_json, show
from pipelines.cli.report import WIDTH, as_data, print_account
from pipelines.cli.troubles import Finding, troubles
from pipelines.ledger.ledger import open_ledger
from pipelines.mapping.reading import Shelf, read_mappings
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, check_settings, read_settings
from pipelines.sync import fitting
from pipelines.sync.accounts import org_of
from pipelines.sync.allowance import CHECK, LIVE
from pipelines.sync.daily_budget import DailyBudget


@dataclass(frozen=True, slots=True)
class Live:
    """What both sides say: the account, the calls, what is wrong, and how many mappings the org has no error for."""

    account: Account
    calls: Calls
    findings: list[Finding]
    runnable: int


@click.command()
@click.option("--live", is_flag=True, help="Log in to both sides: compare the mappings with the org, and say what the "
              "ChargeOver account supports and how long it takes to go through it.")  # fmt: skip
@click.option("--again", is_flag=True, help="With --live: ask anew what the account supports; else it is asked once.")
@click.option(
    "--mappings", type=click.Path(path_type=Path), help="Take the files of this folder instead of CO2SF_MAPPINGS."
)
@as_json
@click.pass_context
def check(context: click.Context, *, live: bool, again: bool, mappings: Path | None, as_json: bool) -> None:
    """Check all mapping files and list every problem by its place."""
    if again and not live:
        raise click.UsageError("--again asks the ChargeOver account: write --live --again")
    shelf = read_mappings(mappings or read_settings(ProjectSettings).mappings, vocabulary())
    found = _ask(shelf, again=again) if live else None
    findings = [("error", str(problem)) for problem in shelf.problems] + (found.findings if found else [])
    if as_json:
        _print_data(findings, found)
    else:
        _print_text(shelf, findings, found)
    context.exit(2 if any(severity == "error" for severity, _ in findings) else 0)


def _ask(shelf: Shelf, *, again: bool) -> Live:
    check_settings(ChargeOverSettings, SalesforceSettings)
    objects, ledger_url = {each.object for each in shelf.mappings}, read_settings(ProjectSettings).ledger_url
    with open_ledger(ledger_url) as ledger:
        budget = DailyBudget(ledger, read_settings(SalesforceSettings), CHECK)
        org = org_of(read_settings(SalesforceSettings), budget)
        fits = fitting.examine(org, ledger, shelf.mappings, datetime.now(UTC))
        if org.usage.used is None:  # there is no mapping to ask about
            org.limits()
        calls = Calls(org.usage, budget.allowance)
    account = examine(read_settings(ChargeOverSettings), ledger_url, objects, again=again)
    stopped = [("warning", reason)] if (reason := calls.allowance.why_not(LIVE)) else []
    found = [finding for fitted in fits.values() for finding in _misfits(fitted)]
    found += [*troubles(account), *stopped, *late(account, shelf.mappings)]
    runnable = sum(not fitted.is_stopped for fitted in fits.values())
    return Live(account, calls, found, runnable)


def _misfits(fitted: fitting.Fitted) -> Iterator[Finding]:
    for misfit in fitted.misfits:
        yield misfit.severity, str(misfit)
    for drift in fitted.drift:
        yield "warning", f"{fitted.mapping.at('to')}: {fitted.mapping.to} has changed in the org: {drift}"


def _print_data(findings: list[Finding], found: Live | None) -> None:
    problems = [{"severity": severity, "text": text} for severity, text in findings]
    if found is None:
        show(problems, as_json=True)
    else:
        told = {"problems": problems, **as_data(found.account), "salesforce_calls": calls_data(found.calls)}
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))


def _print_text(shelf: Shelf, findings: list[Finding], found: Live | None) -> None:
    for severity, text in findings:
        click.echo(_wrapped(text if severity == "error" else f"{text} (warning)"))
    click.echo(_wrapped(_verdict(shelf, findings, found)), err=bool(findings))
    if found:
        print_account(found.account)
        click.echo(f"\n{_wrapped(calls_text(found.calls))}")


def _verdict(shelf: Shelf, findings: list[Finding], found: Live | None) -> str:
    if not findings:
        order = " -> ".join(each.to for each in shelf.mappings)
        return f"{len(shelf.mappings)} mappings {'fit the org' if found else 'are in order'}. Load order: {order}"
    errors = sum(severity == "error" for severity, _ in findings)
    runnable = found.runnable if found else len(shelf.mappings)
    return f"{_many(errors, 'error')}, {_many(len(findings) - errors, 'warning')}; {_many(runnable, 'mapping')} can run"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _wrapped(text: str) -> str:
    return fill(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
