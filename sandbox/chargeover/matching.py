"""Whether a row fulfils a clause: values are cast loosely to the field's type, and null fulfils only IS NULL.

Casting follows the recordings of 2015 (``customer_id:EQUALS:44limit=100`` finds customer 44). How ChargeOver compares
null with NOTEQUALS and whether text compares without regard to case is unknown: here as in SQL, and exactly.
"""

import operator
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.kind import Kind
from sandbox.chargeover.table import Row
from sandbox.chargeover.where import Clause

Predicate = Callable[[Row], bool]
_NUMBER = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)")
_AS_STORED = frozenset({"IS", "ISNOT", "CONTAINS"})
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "EQUALS": operator.eq,
    "NOTEQUALS": operator.ne,
    "GT": operator.gt,
    "GTE": operator.ge,
    "LT": operator.lt,
    "LTE": operator.le,
    "CONTAINS": lambda stored, asked: str(asked) in str(stored),
}


def type_of(company: Company, kind: Kind, name: str) -> str:
    """The type of a field that this account filters by; refuses every other field."""
    path, settings = f"{kind.name}.{name}", company.settings
    documented = name in kind.filters or name in kind.relations
    if path in settings.refused_filters or not (documented or path in settings.extra_filters):
        raise Refusal(400, f"You cannot filter by: {name}.")
    return kind.relations[name][0] if name in kind.relations else kind.types[name]


def cast(company: Company, type_name: str, text: str) -> Any:  # noqa: ANN401 -- number, second or text
    """The value of a clause in the type of its field."""
    if type_name in {"int", "money", "flag", "bool"}:
        if type_name == "bool" and text in {"true", "false"}:
            return text == "true"
        found = _NUMBER.match(text)
        number = Decimal(found[1]) if found else Decimal(0)
        return int(number) if type_name == "int" and number == int(number) else number
    if type_name == "datetime":
        at = company.times.asked(text)
        if at is None:
            raise Refusal(400, "Malformed WHERE clause.")
        return at
    return text


def predicate(company: Company, kind: Kind, clause: Clause) -> Predicate:
    """A test of rows for one clause."""
    type_name = type_of(company, kind, clause.field)
    test = _test_of(clause.operator, None if clause.operator in {"IS", "ISNOT"} else _asked(company, type_name, clause))
    if type_name == "datetime" and clause.operator not in _AS_STORED:
        test = _of_times(company, test)
    if clause.field in kind.relations:
        related = kind.relations[clause.field][1]
        return lambda row: any(test(each) for each in related(company, row))
    derive = kind.derived.get(clause.field) or kind.alone.get(clause.field)
    if derive is not None:
        return lambda row: test(derive(company, row))
    name, default = clause.field, kind.template.get(clause.field)
    return lambda row: test(row.get(name, default))


def _of_times(company: Company, test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """The test of a stored second; what is stored instead of one ("" for no next invoice) passes as null."""
    compared = company.times.compared
    return lambda stored: test(compared(stored))


def _asked(company: Company, type_name: str, clause: Clause) -> Any:  # noqa: ANN401 -- as cast()
    return clause.value if clause.operator == "CONTAINS" else cast(company, type_name, clause.value)


def _test_of(name: str, asked: object) -> Callable[[Any], bool]:
    if name == "IS":
        return lambda stored: stored is None
    if name == "ISNOT":
        return lambda stored: stored is not None
    compare = _COMPARE[name]
    return lambda stored: stored is not None and compare(stored, asked)
