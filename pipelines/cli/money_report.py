"""What co2sf money has found, as text or as data."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import click

from pipelines.cli.printing import show
from pipelines.sync.money.compared import Compared, Line
from pipelines.sync.money.judge import UNEXPLAINED, Difference
from pipelines.sync.money.repair import ADVICE, READ_AGAIN, RESENT


def print_found(found: Sequence[Compared], *, records: bool, everything: bool) -> None:
    """A line for each sObject; the sums that differ; with ``records`` also the rows; and what to do."""
    show([_summary(each) for each in found])
    lines = [_sums(each, line) for each in found for line in each.lines() if everything or line.difference]
    rows = [_row(each, difference) for each in found for difference in each.differences]
    for table in (lines, rows if records else []):
        if table:
            click.echo()
            show(table)
    click.echo()
    for text in _sentences(found, listed=records):
        click.echo(text)


def as_data(found: Compared) -> dict[str, Any]:
    """All that was found about one sObject."""
    return {
        **_summary(found),
        "trouble": found.trouble,
        "sums": [_sums(found, line) for line in found.lines()],
        "records": [_row(found, each) for each in found.differences],
    }


def _summary(found: Compared) -> dict[str, Any]:
    return {
        "sObject": found.measure.mapping.to,
        "amounts": len(found.measure.amounts),
        "groups": len(found.parts),
        "in ChargeOver": sum(part.records for part in found.parts),
        "in Salesforce": sum(part.rows for part in found.parts),
        "explained": len(found.differences) - len(found.unexplained),
        "unexplained": len(found.unexplained),
        "ChargeOver calls": found.calls.chargeover,
        "Salesforce calls": found.calls.salesforce,
    }


def _sums(found: Compared, line: Line) -> dict[str, Any]:
    return {
        "sObject": found.measure.mapping.to,
        "month": line.group.month,
        "currency": line.group.currency,
        "field": line.field,
        "ChargeOver": str(line.chargeover),
        "Salesforce": str(line.salesforce),
        "difference": str(line.difference),
        "explained": str(line.explained),
        "unexplained": str(line.unexplained),
    }


def _row(found: Compared, difference: Difference) -> dict[str, Any]:
    fields = [each for each in difference.fields if each in found.measure.amounts] or [*found.measure.amounts][:1]
    return {
        "record": f"{difference.object}:{difference.record_id}" if difference.record_id is not None else "",
        "row": f"{found.measure.mapping.to} {difference.external_id}",
        "Salesforce id": difference.salesforce_id,
        "why": str(difference.why),
        "fields": ", ".join(difference.fields),
        "ChargeOver has": _amounts(difference.chargeover, fields),
        "Salesforce has": _amounts(difference.salesforce, fields),
    }


def _amounts(amounts: dict[str, Any], fields: Sequence[str]) -> str:
    return ", ".join(str(amounts[name]) for name in fields if amounts.get(name) is not None)


def _sentences(found: Sequence[Compared], *, listed: bool) -> Iterator[str]:
    yield from (f"{each.measure.mapping.to} could not be compared: {each.trouble}" for each in found if each.trouble)
    reasons = Counter(difference.why for each in found for difference in each.differences)
    for why, rows in reasons.items():
        yield f"{rows:,} {'row' if rows == 1 else 'rows'} {why}: {ADVICE[why]}."
    if reasons and not listed:
        yield "co2sf money --records lists them."
    yield _verdict(found, sum(reasons[why] for why in UNEXPLAINED), sum(reasons[why] for why in RESENT | READ_AGAIN))


def _verdict(found: Sequence[Compared], unexplained: int, repairable: int) -> str:
    if unexplained:
        return f"Money does not agree: nothing explains {unexplained:,} {'row' if unexplained == 1 else 'rows'}."
    if any(each.trouble for each in found):
        return "Whether money agrees is not known."
    return "Money agrees." if not repairable else "Money agrees, but for what is in flight."
