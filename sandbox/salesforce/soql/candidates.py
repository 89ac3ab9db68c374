"""Finds the few rows that a condition can be true for by an index, where it names Id or an indexed field."""

from collections.abc import Iterable

from sandbox.salesforce.org import Entity
from sandbox.salesforce.soql.filters import Filter
from sandbox.salesforce.soql.nodes import Comparison, Condition
from sandbox.salesforce.table import Row


def candidates(entity: Entity, filters: Filter, condition: Condition | None) -> Iterable[Row]:
    """The rows to test, in the order they were made; all of them where no index helps."""
    narrowed = _narrowed(entity, filters, condition)
    rows = entity.table.rows
    return rows.values() if narrowed is None else [rows[record_id] for record_id in sorted(narrowed)]


def _narrowed(entity: Entity, filters: Filter, condition: Condition | None) -> set[str] | None:
    if condition is None:
        return None
    if isinstance(condition, Comparison):
        return _by_index(entity, filters, condition)
    parts = [_narrowed(entity, filters, one) for one in condition.conditions]
    if condition.operator == "AND":
        found = [part for part in parts if part is not None]
        return min(found, key=len) if found else None
    if condition.operator == "OR" and all(part is not None for part in parts):
        return set().union(*(part for part in parts if part is not None))
    return None


def _by_index(entity: Entity, filters: Filter, comparison: Comparison) -> set[str] | None:
    field = entity.seen.fields.get(comparison.path.text)
    if field is None or comparison.operator not in {"=", "IN"}:
        return None
    if field.name != "Id" and field.name not in entity.table.indexes:
        return None
    values = [filters.operand(field, literal) for literal in comparison.literals]
    if None in values:
        return None
    return {record_id for value in values for record_id in entity.table.find(field.name, value)}
