"""Turns a WHERE condition into a test of a row."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from sandbox.salesforce.ids import normalized
from sandbox.salesforce.index import key_of
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Org
from sandbox.salesforce.shape import NUMBER_TYPES, Field, Shape
from sandbox.salesforce.soql.nodes import Comparison, Condition, Literal
from sandbox.salesforce.soql.paths import resolve
from sandbox.salesforce.soql.tokens import soql_error
from sandbox.salesforce.table import Row
from sandbox.salesforce.validation.dates import print_datetime

Test = Callable[[Row], bool]

ORDERED: Final[dict[str, Callable[[Json, Json], bool]]] = {
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}


class Filter:
    """Compiles conditions on one object."""

    def __init__(self, org: Org, statement: str, shape: Shape) -> None:
        self.org = org
        self.statement = statement
        self.shape = shape

    def test(self, condition: Condition | None) -> Test | None:
        """The test, or None where every row passes."""
        if condition is None:
            return None
        if isinstance(condition, Comparison):
            return self._comparison(condition)
        tests = [test for one in condition.conditions if (test := self.test(one))]
        if condition.operator == "NOT":
            return lambda row: not tests[0](row)
        if condition.operator == "AND":
            return lambda row: all(test(row) for test in tests)
        return lambda row: any(test(row) for test in tests)

    def _comparison(self, comparison: Comparison) -> Test:
        found = resolve(self.org, self.statement, self.shape, comparison.path)
        if found.field.long_text or found.field.type == "address":
            text = f"field '{found.field.name}' can not be filtered in a query call"
            raise soql_error(self.statement, comparison.path.at, text, "INVALID_FIELD")
        values = [self.operand(found.field, literal) for literal in comparison.literals]
        read, operator = found.read, comparison.operator
        if operator == "LIKE":
            return _like(read, values[0])
        key = key_of(found.field)
        if operator in {"=", "IN", "!=", "NOT IN"}:
            wanted = {None if value is None else key(value) for value in values}
            positive = operator in {"=", "IN"}
            return lambda row: (_keyed(read(row), key) in wanted) == positive
        compare, bound = ORDERED[operator], None if values[0] is None else key(values[0])
        return lambda row: bound is not None and (value := read(row)) is not None and compare(key(value), bound)

    def operand(self, field: Field, literal: Literal) -> Json:
        """A literal in the form in which the field is stored; a wrong type is INVALID_FIELD (text inferred)."""
        value, kind = literal.value, literal.kind
        if value is None:
            return None
        wanted = _wanted(field)
        if kind != wanted:
            quotes = " and should be enclosed in quotes" if wanted == "string" else ""
            text = f"value of filter criterion for field '{field.name}' must be of type {field.type}{quotes}"
            raise soql_error(self.statement, literal.at, text, "INVALID_FIELD")
        if isinstance(value, datetime):
            return print_datetime(value)
        if isinstance(value, date):
            return value.isoformat()
        if field.type in {"id", "reference"}:
            return self._id(str(value), literal)
        return value

    def _id(self, value: str, literal: Literal) -> str:
        record_id = normalized(value)
        if record_id is None:
            text = f"invalid ID field: {value}"
            raise soql_error(self.statement, literal.at, text, "INVALID_QUERY_FILTER_OPERATOR")
        return record_id


def _wanted(field: Field) -> str:
    if field.type in NUMBER_TYPES:
        return "number"
    return field.type if field.type in {"boolean", "date", "datetime"} else "string"


def _keyed(value: Json, key: Callable[[Json], Json]) -> Json:
    return None if value is None else key(value)


def _like(read: Callable[[Row], Json], pattern: str | None) -> Test:
    """LIKE without case; % is any text, _ one character."""
    parts = re.split(r"(\\[%_]|[%_])", pattern or "")
    wild = {"%": ".*", "_": "."}
    expression = "".join(wild.get(part, re.escape(part.removeprefix("\\"))) for part in parts)
    matcher = re.compile(expression, re.IGNORECASE | re.DOTALL)
    return lambda row: (value := read(row)) is not None and matcher.fullmatch(str(value)) is not None
