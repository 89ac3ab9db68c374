"""co2sf drift: what somebody else has changed in Salesforce, by whom and when, and one option that takes it back."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.printing import as_json, show
from pipelines.cli.wording import at
from pipelines.ledger.ledger import open_ledger
from pipelines.mapping.reading import read_mappings
from pipelines.mapping.scalars import Value
from pipelines.salesforce.held import Parent
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, check_settings, read_settings
from pipelines.sync.drift.found import Compared, Drifted, What
from pipelines.sync.drift.start import chosen, drifting


@click.command()
@click.argument("names", nargs=-1, metavar="[MAPPING]...")
@click.option("--whole", is_flag=True, help="Compare all rows, not only those whose turn it is.")
@click.option("--take-back", is_flag=True, help="Send again what was changed, whatever the mapping says.")
@as_json
@click.pass_context
def drift(context: click.Context, *, names: tuple[str, ...], whole: bool, take_back: bool, as_json: bool) -> None:
    """Find what somebody else has changed in Salesforce.

    MAPPING is the name of a mapping file, say invoices; all when none is named. Values are compared with what was
    accepted there last; what the mapping says of drift decides what the check not_drifted does by itself.

    Ends with 0 when nothing has drifted, or all was taken back, with 1 when something has, and with 2 when
    something could not be compared.
    """
    check_settings(ChargeOverSettings, SalesforceSettings)
    project = read_settings(ProjectSettings)
    shelf = read_mappings(project.mappings, vocabulary())
    mappings = chosen(shelf, names)
    with open_ledger(project.ledger_url) as ledger, drifting(ledger, shelf, whole=whole) as ready:
        found = list(ready.looking.at(mappings))
        if take_back:
            found = ready.taking(f"drift-{uuid4().hex[:12]}").take_back(found, everything=True)
    if as_json:
        show([_as_data(each) for each in found], as_json=True)
    else:
        _print(found)
    context.exit(_exit_code(found))


def _exit_code(found: Sequence[Compared]) -> int:
    """2: something is not known, 1: something has drifted."""
    if any(each.trouble for each in found):
        return 2
    return 0 if all(each.agrees for each in found) else 1


def _print(found: Sequence[Compared]) -> None:
    show([_summary(each) for each in found])
    rows = [line for each in found for row in each.drifted for line in _lines(row)]
    if rows:
        click.echo()
        show(rows)
    click.echo()
    for text in _sentences(found):
        click.echo(text)


def _summary(found: Compared) -> dict[str, Any]:
    return {
        "sObject": found.mapping.to,
        "rows": found.of,
        "compared": found.rows,
        "part": found.part,
        "drifted": len(found.drifted),
        "taken back": found.taken_back,
        "not certain": found.uncertain,
        "not known": found.unknown,
        "ChargeOver calls": found.calls.chargeover,
        "Salesforce calls": found.calls.salesforce,
    }


def _as_data(found: Compared) -> dict[str, Any]:
    rows = [line for row in found.drifted for line in _lines(row)]
    return {**_summary(found), "trouble": found.trouble, "drift": rows}


def _lines(row: Drifted) -> Iterator[dict[str, Any]]:
    """A line for each field; one for a row that is not where it was."""
    said = {"row": f"{row.mapping.to} {row.external_id}", "record": row.record, "Salesforce id": row.salesforce_id}
    by = {
        "last changed by": (row.held.changed_by or row.held.changed_by_id) if row.held else "",
        "at": at(row.held.changed_at) if row.held else "",
    }
    if row.what is not What.CHANGED:
        held = row.held.external_id if row.held else ""
        yield {**said, "what": str(row.what), "sent": row.external_id, "Salesforce holds": held, **by,
               "drift": row.mapping.drift}  # fmt: skip
    for each in row.fields:
        sent = _shown(each.sent) if each.becomes else "?"
        yield {**said, "what": each.name, "sent": sent, "Salesforce holds": _shown(each.held), **by,
               "drift": row.mapping.drift_of(each.name)}  # fmt: skip


def _shown(value: Value | Parent) -> str:
    return "nothing" if value is None else str(value)


def _sentences(found: Sequence[Compared]) -> Iterator[str]:
    yield from (f"{each.mapping.to} could not be compared: {each.trouble}" for each in found if each.trouble)
    rows, back = sum(len(each.drifted) for each in found), sum(each.taken_back for each in found)
    if any(row.what is What.MOVED for each in found for row in each.drifted):
        yield "Rows with another external id stay as they are: write the old one there again in Salesforce."
    if back:
        yield f"{back:,} of {rows:,} rows were taken back."
    elif rows:
        yield (f"{rows:,} {'row' if rows == 1 else 'rows'} drifted. co2sf why explains a row; --take-back sends "
               "ChargeOver's values again.")  # fmt: skip
    elif not any(each.trouble for each in found):
        yield "Nothing has drifted."
