"""A plan in words that stand in every form of it: counts, calls, and what an edit of a mapping means."""

from collections.abc import Iterator

from pipelines.ledger.outcome import OWED
from pipelines.sync.planning.planned import MappingPlan, Plan, Row

_longest = 60


def counts(mapping: MappingPlan) -> dict[str, str | int]:
    """The counts of one mapping."""
    return {"sObject": mapping.sobject, **mapping.counts}


def fields(mapping: MappingPlan) -> str:
    """Which fields change in how many rows; empty when none does."""
    return ", ".join(f"{name} in {_rows(number)}" for name, number in mapping.fields)


def edits(plan: Plan) -> Iterator[str]:
    """What was edited since rows were made, one sentence for each mapping."""
    for each in plan.mappings:
        if each.edit is not None:
            yield _edited(each, plan)


def calls(plan: Plan) -> str:
    """What the plan took and what it would take."""
    made = plan.calls
    return (f"This plan took {made.chargeover:,} ChargeOver and {made.salesforce:,} Salesforce calls; to carry it out "
            f"takes {made.to_write:,} Salesforce calls that write.")  # fmt: skip


def verdict(row: Row) -> str:
    """What becomes of a row, and why when it does not land; what is owed already is said to be so."""
    if row.verdict not in OWED:
        return str(row.verdict)
    return f"{row.verdict}{'' if row.is_news else ' as before'}: {row.message}"


def value(text: str | None) -> str:
    """A value in one line, the end of a long one left out."""
    if text is None:
        return "(empty)"
    line = " ".join(text.splitlines())
    return line if len(line) <= _longest else f"{line[: _longest - 1]}…"


def _edited(mapping: MappingPlan, plan: Plan) -> str:
    edit = mapping.edit
    assert edit is not None
    what = ", ".join(edit.parts) or "which fields is not known"
    said = f"{mapping.name} was edited ({what}) since {_rows(edit.rows)} in Salesforce {_were(edit.rows)} made."
    if mapping.sobject in plan.renewed:
        return f"{said} {_rows(mapping.counts.get('updated', 0))} would be sent again."
    follows = "they follow by themselves" if edit.on_change == "resync" else "they stay until their record changes"
    return f"{said} With on_change: {edit.on_change} {follows}; co2sf plan {mapping.name} --all says what would change."


def _rows(number: int) -> str:
    return f"{number:,} {'row' if number == 1 else 'rows'}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
