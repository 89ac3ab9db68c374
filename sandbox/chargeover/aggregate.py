"""``POST /_aggregate``: sums and counts with filters and groups [PHP SDK, Aggregate.php].

The shape of the answer is unknown: here a list of objects, one per group, keyed by the expressions asked for, unless
the setting ``aggregate`` says otherwise.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.kind import Kind
from sandbox.chargeover.objects import KINDS
from sandbox.chargeover.query import matching
from sandbox.chargeover.table import Row
from sandbox.chargeover.where import clauses_of

_EXPRESSION = re.compile(r"(SUM|COUNT|MIN|MAX|AVG)\((\w+)\)$", re.IGNORECASE)
_FUNCTIONS: dict[str, Callable[[list[Any]], Any]] = {
    "SUM": lambda values: sum(values, Decimal(0)),
    "COUNT": len,
    "MIN": lambda values: min(values, default=None),
    "MAX": lambda values: max(values, default=None),
    "AVG": lambda values: sum(values, Decimal(0)) / len(values) if values else None,
}


@dataclass(frozen=True, slots=True)
class _Aggregate:
    text: str
    function: str
    field: str

    def of(self, company: Company, kind: Kind, rows: list[Row]) -> object:
        values = (kind.value(company, row, self.field) for row in rows)
        return _FUNCTIONS[self.function]([value for value in values if value is not None])


def aggregate(company: Company, body: Row) -> list[Row]:
    """The aggregates that ``{object, fields, where, group}`` asks for."""
    kind = KINDS.get(body.get("object", ""))
    if company.settings.aggregate == "refuse":
        raise Refusal.unsupported("aggregate", str(body.get("object")))
    if kind is None:
        raise Refusal.invalid("object", body.get("object"))
    expressions = [_parsed(kind, text) for text in body.get("fields") or []]
    group = [_known(kind, name) for name in body.get("group") or []]
    clauses = [clause for text in body.get("where") or [] for clause in clauses_of(text)]
    groups: dict[tuple[Any, ...], list[Row]] = {} if group else {(): []}
    for row in matching(company, kind, clauses):
        groups.setdefault(tuple(kind.value(company, row, name) for name in group), []).append(row)
    return _answered(company, [
        dict(zip(group, values, strict=True)) | {each.text: each.of(company, kind, rows) for each in expressions}
        for values, rows in groups.items()
    ])  # fmt: skip


def _answered(company: Company, found: list[Row]) -> list[Row]:
    """As the setting ``aggregate`` says."""
    if company.settings.aggregate == "cut":
        return found[:10]
    if company.settings.aggregate == "text":
        return [{name: None if value is None else str(value) for name, value in row.items()} for row in found]
    return found


def _parsed(kind: Kind, text: str) -> _Aggregate:
    found = _EXPRESSION.match(str(text))
    if found is None:
        raise Refusal.invalid("fields", text)
    return _Aggregate(text, found[1].upper(), _known(kind, found[2]))


def _known(kind: Kind, name: str) -> str:
    if name not in kind.types:
        raise Refusal.invalid("fields", name)
    return name
