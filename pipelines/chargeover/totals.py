"""Sums of amounts as ChargeOver adds them itself, by day and currency; only those that its own count bears out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.object import Object
from pipelines.errors import Co2sfError
from pipelines.mapping.scalars import number_in, text_of, whole_in

DAY = {"invoice": "date", "transaction": "transaction_date", "quote": "date"}
"""Object to the day that its amounts belong to; others have none."""

FILTERED_BY_DAY = frozenset({"invoice", "quote"})
"""Objects whose lists can be filtered by that day (docs: query for invoices, query for quotes)."""

_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
_tries = 2  # a record may come between the sum and the count


@dataclass(frozen=True, slots=True)
class Total:
    """Records of one day and currency (empty where there is none), and the sums of their amounts by field."""

    day: str
    currency: str
    count: int
    amounts: dict[str, Decimal]


def totals_of(
    chargeover: ChargeOver, kind: Object, amounts: Sequence[str], currency: str, day: str, where: Sequence[str]
) -> list[Total] | None:
    """The totals; None when the account does not give them in a form that can be read and counted after.

    Which accounts have ``_aggregate``, how they answer and how much, is published nowhere."""
    group = [name for name in (currency, day) if name]
    fields = [f"COUNT({kind.key})", *(f"SUM({name})" for name in amounts)]
    try:
        for _ in range(_tries):
            answer = chargeover.aggregate(kind.name, fields, where, group)
            found = list(_read(answer, kind, amounts, currency, day))
            if sum(each.count for each in found) == chargeover.count(kind.name, where):
                return found
    except (Co2sfError, ValueError):
        return None
    return None


def _read(answer: Any, kind: Object, amounts: Sequence[str], currency: str, day: str) -> Iterator[Total]:  # noqa: ANN401
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        raise ValueError("no list of groups")
    for row in answer:
        sums = {name: _number(row, f"SUM({name})") for name in amounts}
        yield Total(_day(row, day), _text(row, currency), _whole(row, f"COUNT({kind.key})"), sums)


def _text(row: dict[str, Any], name: str) -> str:
    if not name:
        return ""
    if name not in row:
        raise ValueError(f"no {name}")
    return "" if row[name] is None else text_of(row[name])


def _day(row: dict[str, Any], name: str) -> str:
    written = _text(row, name)
    if written and not _A_DAY.match(written):
        raise ValueError(f"{name} is no day")
    return written


def _whole(row: dict[str, Any], name: str) -> int:
    found = whole_in(row.get(name))
    if found is None:
        raise ValueError(f"no {name}")
    return found


def _number(row: dict[str, Any], name: str) -> Decimal:
    found = Decimal(0) if name in row and row[name] is None else number_in(row.get(name))
    if found is None:
        raise ValueError(f"no {name}")
    return found
