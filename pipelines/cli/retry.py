"""co2sf retry: try owed rows now, whatever their turn."""

from typing import Any

import click

from pipelines.cli.bar import bar
from pipelines.cli.choosing import choosing
from pipelines.cli.finishing import end_of, owes
from pipelines.cli.owed import as_data, nothing, print_owed
from pipelines.cli.printing import as_json, show
from pipelines.ledger.choice import Choice
from pipelines.ledger.ledger import open_ledger
from pipelines.ledger.outcome import Verdict
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, check_settings, read_settings
from pipelines.sync.retried import NOT_TRIED, Retried, retried

_shown = 20


@click.command()
@choosing(None, "Try at most so many rows, the longest owed first.")
@as_json
@click.pass_context
def retry(context: click.Context, *, choice: Choice, as_json: bool) -> None:
    """Try owed rows now, and say what became of each.

    RECORD is a record such as invoice:10041, or an sObject; all owed rows when it is left out.

    A sync reads their records again and sends the rows even if Salesforce has refused the same before.
    """
    check_settings(ChargeOverSettings, SalesforceSettings)  # before there is a run that could only fail
    from pipelines.definitions import definitions
    from pipelines.orchestration.launch import Asked, run_sync

    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        before, in_all = ledger.chosen(choice), ledger.number_owed(Choice())
        if not before:
            show([], as_json=as_json) if as_json else click.echo(nothing(in_all))
            context.exit(owes())
        with bar(hidden=as_json):
            job = definitions().resolve_job_def("retry_owed")
            finished = run_sync(job, Asked(retry=choice))
        became = retried(ledger, before, finished.run_id)
    _print(became, as_json=as_json)
    end_of(context, finished)


def _print(became: Retried, *, as_json: bool) -> None:
    lines = [_line(sobject, became) for sobject in became.counts]
    if as_json:
        show([{"retried": lines, "still owed": [as_data(each) for each in became.still]}], as_json=True)
        return
    show(lines)
    click.echo(f"\nStill owed: {len(became.still):,} of {sum(each['retried'] for each in lines):,}.")
    print_owed(became.still[:_shown], more=len(became.still) - _shown)


def _line(sobject: str, became: Retried) -> dict[str, Any]:
    counts = became.counts[sobject]
    names = (*Verdict, "forgotten", NOT_TRIED)
    return {"sObject": sobject, "retried": counts.total(), **{str(name): counts[name] for name in names}}
