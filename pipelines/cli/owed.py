"""co2sf owed: what has not landed, why, since when, when it is tried again, and what to do."""

from collections.abc import Sequence
from datetime import UTC, datetime
from textwrap import fill
from typing import Any

import click

from pipelines.cli.checking.report import WIDTH
from pipelines.cli.choosing import choosing
from pipelines.cli.printing import as_json, show
from pipelines.cli.wording import at, next_try, why
from pipelines.ledger.choice import Choice
from pipelines.ledger.ledger import open_ledger
from pipelines.ledger.owed import Owed
from pipelines.settings import ProjectSettings, read_settings
from pipelines.sync.reasons import reason_of, reasons_of


@click.command()
@choosing(20, "Show at most so many rows, the longest owed first.")
@as_json
@click.pass_context
def owed(context: click.Context, *, choice: Choice, as_json: bool) -> None:
    """Show what has not landed, why, and when it is tried again.

    Of one record, say invoice:10041, of one sObject, or of all. Ends with 1 when rows are owed.
    """
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        rows, number, in_all = ledger.chosen(choice), ledger.number_owed(choice), ledger.number_owed(Choice())
    if as_json:
        show([as_data(each) for each in rows], as_json=True)
    else:
        print_owed(rows, more=number - len(rows))
        if not rows:
            click.echo(nothing(in_all))
    context.exit(1 if rows else 0)


def nothing(in_all: int) -> str:
    """What is said when no owed row fits; ``in_all`` of others are owed."""
    return f"Nothing of that is owed; of all else, {in_all} {_rows(in_all)}." if in_all else "Nothing is owed."


def print_owed(rows: Sequence[Owed], *, more: int) -> None:
    """A table, and below it each reason once; ``more`` rows are owed that it does not show."""
    show([_line(each) for each in rows])
    if more > 0:
        click.echo(f"... and {more:,} more; --limit shows them.")
    if rows:
        click.echo()
    for each in reasons_of(rows):
        text = f"{each.code or 'no code'}: {each.cause}. What to do: {each.advice}."
        click.echo(fill(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))


def as_data(row: Owed) -> dict[str, Any]:
    """A line of the table with its reason beside it."""
    reason = reason_of(row)
    return {**_line(row), "code": row.code, "cause": reason.cause, "what to do": reason.advice}


def _line(row: Owed) -> dict[str, Any]:
    return {
        "record": f"{row.object}:{row.record_id}",
        "row": f"{row.sobject} {row.external_id}".strip(),
        "verdict": str(row.verdict),
        "why": why(row.code, row.field, row.message),
        "tries": row.tries,
        "since": at(row.first_at),
        "next try": next_try(row, datetime.now(UTC)),
    }


def _rows(count: int) -> str:
    return "row is" if count == 1 else "rows are"
