"""co2sf why: one row from all sides, field by field: where each value comes from, and why it is what it is."""

from collections.abc import Iterator
from textwrap import fill
from typing import Any

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.checking.report import WIDTH
from pipelines.cli.printing import as_json, show
from pipelines.cli.wording import at
from pipelines.ledger.ledger import open_ledger
from pipelines.mapping.reading import read_mappings
from pipelines.settings import AlertSettings, ProjectSettings, read_settings
from pipelines.sync.drift.judge import Found
from pipelines.sync.why.conclusion import of_field, of_row
from pipelines.sync.why.explained import Explained, explain
from pipelines.sync.why.target import targets_of

_LONGEST = 60


@click.command()
@click.argument("which", metavar="SOBJECT/EXTERNAL_ID | OBJECT:ID | SALESFORCE_ID")
@click.argument("fields", nargs=-1, metavar="[FIELD]...")
@as_json
@click.pass_context
def why(context: click.Context, *, which: str, fields: tuple[str, ...], as_json: bool) -> None:
    """Explain values in Salesforce, and where they come from.

    Name a row, say ChargeOver_Invoice__c/10041, invoice:10041 or its Salesforce id, and fields of it; all fields
    when none is named, those that differ first. Both systems are read now; nothing is sent.

    Ends with 2 when neither could be reached.
    """
    project = read_settings(ProjectSettings)
    shelf = read_mappings(project.mappings, vocabulary())
    with open_ledger(project.ledger_url) as ledger:
        rows = [explain(each, fields, ledger, shelf) for each in targets_of(which, ledger, shelf)]
    if as_json:
        show([_as_data(each) for each in rows], as_json=True)
    for each in () if as_json else rows:
        _print(each, in_full=bool(fields))
    context.exit(2 if all(each.ours.trouble and each.theirs.trouble for each in rows) else 0)


def _print(row: Explained, *, in_full: bool) -> None:
    for line in _head(row):
        click.echo(_filled(line))
    for found in (
        row.fields if in_full else [each for each in row.fields if each.standing not in {"agrees", "not sent"}]
    ):
        click.echo()
        for line in _paragraph(row, found):
            click.echo(_filled(line))
    click.echo()
    show([_line(row, each) for each in row.fields])
    click.echo()


def _head(row: Explained) -> Iterator[str]:
    known = row.known
    record = f"{row.mapping.object}:{row.target.record_id}" if row.target.record_id is not None else "unknown record"
    id_ = (row.theirs.held.salesforce_id if row.theirs.held else known.salesforce_id if known else None) or "none"
    yield f"{row.mapping.to}/{row.external_id} from {record}, Salesforce id {id_}, by {row.mapping.shown}"
    if known:
        yield f"Last read {at(known.observed_at)}{f' by signal {known.signal}' if known.signal else ''}."
    if row.sent:
        link = _link(row.sent.run_id)
        yield f"Last {row.sent.verdict} by run {row.sent.run_id} at {at(row.sent.at)}{f': {link}' if link else ''}."
    elif known:
        yield "Which run wrote it last is not in the log any more."
    for name, trouble in (("ChargeOver", row.ours.trouble), ("Salesforce", row.theirs.trouble)):
        if trouble:
            yield f"{name}: {trouble}."
    if said := of_row(row):
        yield f"{said}."


def _paragraph(row: Explained, found: Found) -> Iterator[str]:
    said = _line(row, found)
    yield f"{found.name}: {of_field(row, found)}."
    yield f"  {row.mapping.at(_group(row, found), found.name)}  {_text(row, found)}"
    yield f"  ChargeOver has {said['ChargeOver has']}, which becomes {said['becomes']} ({_conversion(row, found)})."
    accepted = f"hash {found.accepted}" if found.accepted else "not known"
    yield f"  Accepted last: {accepted}. Salesforce holds {said['Salesforce holds']}."


def _line(row: Explained, found: Found) -> dict[str, Any]:
    return {
        "field": found.name,
        "ChargeOver has": _source(row, found),
        "becomes": _becomes(found),
        "Salesforce holds": "?" if row.theirs.held is None else _shown(found.held),
        "stands": of_field(row, found).partition(":")[0].partition(";")[0],
    }


def _as_data(row: Explained) -> dict[str, Any]:
    held, known = row.theirs.held or row.theirs.elsewhere, row.known
    return {
        "sobject": row.mapping.to,
        "external_id": row.external_id,
        "record": f"{row.mapping.object}:{row.target.record_id}" if row.target.record_id is not None else None,
        "salesforce_id": held.salesforce_id if held else known.salesforce_id if known else None,
        "read_at": known.observed_at if known else None,
        "signal": known.signal if known else None,
        "run": row.sent.run_id if row.sent else None,
        "run_verdict": str(row.sent.verdict) if row.sent else None,
        "run_at": row.sent.at if row.sent else None,
        "run_link": _link(row.sent.run_id) if row.sent else None,
        "changed_by": held.changed_by if held else None,
        "changed_at": held.changed_at if held else None,
        "chargeover_trouble": row.ours.trouble,
        "salesforce_trouble": row.theirs.trouble,
        "conclusion": of_row(row),
        "fields": [_field_data(row, each) for each in row.fields],
    }


def _field_data(row: Explained, found: Found) -> dict[str, Any]:
    sources = row.mapping.sources_of(found.name)
    return {
        "field": found.name,
        "where": row.mapping.at(_group(row, found), found.name),
        "line": _text(row, found),
        "conversion": _conversion(row, found),
        "chargeover": {name: row.ours.record.get(name) for name in sources},
        "becomes": None if found.becomes is None else found.becomes.value,
        "accepted": found.accepted,
        "salesforce": str(found.held) if found.held is not None else None,
        "standing": str(found.standing),
        "drift": row.mapping.drift_of(found.name),
        "conclusion": of_field(row, found),
    }


def _group(row: Explained, found: Found) -> str:
    return "fields" if found.name in row.mapping.fields else "lookups"


def _text(row: Explained, found: Found) -> str:
    """What the mapping says of a field, its lines put together."""
    number, column = row.mapping.places.key((_group(row, found), found.name))
    first, *rest = row.mapping.text.splitlines()[number - 1 :]
    more: list[str] = []
    for line in rest:
        if line.strip() and len(line) - len(line.lstrip()) < column:
            break
        more.append(line.strip())
    return " ".join([first.strip(), *(line for line in more if line and not line.startswith("#"))])


def _conversion(row: Explained, found: Found) -> str:
    return next(f"{name}: {words}" for field, name, words in row.mapping.columns() if field == found.name)


def _source(row: Explained, found: Found) -> str:
    if row.ours.trouble:
        return "?"
    held = [f"{name} = {_shown(row.ours.record.get(name))}" for name in row.mapping.sources_of(found.name)]
    return ", ".join(held) or "a constant"


def _becomes(found: Found) -> str:
    if found.becomes is None:
        return "?"
    return "nothing sent" if found.becomes.is_left_out else _shown(found.becomes.value)


def _shown(value: object) -> str:
    text = "nothing" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _link(run_id: str) -> str:
    url = read_settings(AlertSettings).ui_url
    return f"{url}/runs/{run_id}" if url and len(run_id) == 36 else ""


def _filled(line: str) -> str:
    indent = "    " if line.startswith("  ") else "  "
    return fill(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
