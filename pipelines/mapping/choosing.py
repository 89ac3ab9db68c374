"""Which records a mapping loads: its ``only`` conditions over a frame."""

from decimal import Decimal

from pipelines.mapping.model import Condition, Mapping
from pipelines.mapping.rows import Rows, is_empty
from pipelines.mapping.scalars import Value, number_in, truth_in


def outside(mapping: Mapping, rows: Rows) -> tuple[set[int], dict[int, str]]:
    """The rows that ``only`` excludes, and those for which it cannot be told because a value is unreadable."""
    undecided = rows.unreadable(list(mapping.only)) | _untold(mapping, rows)
    excluded: set[int] = set()
    for field, condition in mapping.only.items():
        values = rows.values(field)
        passes = {value: _holds(condition, value) for value in set(values)}
        excluded |= {row for row, value in enumerate(values) if not passes[value]}
    return excluded - undecided.keys(), undecided


def _untold(mapping: Mapping, rows: Rows) -> dict[int, str]:
    """Rows whose answer lacks a field of ``only``: nothing is known of it, so they are neither in nor out."""
    text = "is not in ChargeOver's answer, so that `only` cannot be decided; nothing was done with this record"
    return {row: f"{field} {text}" for field in mapping.only for row in rows.without([field])}


def _holds(condition: Condition, value: Value) -> bool:
    """Plain logic: null equals only null, so ``{not: x}`` holds for null."""
    return any(_equal(value, wanted) for wanted in condition.values) != condition.negated


def _equal(value: Value, wanted: str | None) -> bool:
    if is_empty(value) or wanted is None or is_empty(wanted):
        return is_empty(value) and is_empty(wanted)
    if isinstance(value, bool):
        return value == truth_in(wanted)
    if isinstance(value, (int, Decimal)):
        return value == number_in(wanted)
    return value == wanted
