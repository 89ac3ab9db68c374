"""Amounts in Salesforce: their sums by month and currency, and the rows that these sums are made of."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pipelines.errors import FixAccess
from pipelines.salesforce.org import Org
from pipelines.salesforce.soql import lists_of, quoted

MOST_GROUPS = 2_000
"""Of one query: a result with GROUP BY has no second page (SOQL guide, considerations when using GROUP BY)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which amounts of an sObject, by which currency and day (fields or paths to them; empty: none), of which rows."""

    sobject: str
    key: str
    amounts: tuple[str, ...]
    currency: str
    day: str
    conditions: tuple[str, ...]

    def and_also(self, *conditions: str) -> "Asked":
        """The same of fewer rows."""
        return replace(self, conditions=(*self.conditions, *conditions))

    def between(self, first: date, last: date) -> "Asked":
        """The same of some days."""
        return self.and_also(f"{self.day} >= {first}", f"{self.day} <= {last}")

    def query(self, shown: Iterable[str]) -> str:
        """What to show of the rows with a key that fit."""
        where = " AND ".join((f"{self.key} != null", *self.conditions))
        return " ".join(("SELECT", ", ".join(shown), "FROM", self.sobject, "WHERE", where))


@dataclass(frozen=True, slots=True)
class Total:
    """Rows of one month (such as 2026-10; empty where there is none) and currency, and their sums by field."""

    month: str
    currency: str
    count: int
    amounts: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Held:
    """What Salesforce holds of one row; None for an amount that is empty."""

    external_id: str
    salesforce_id: str
    month: str
    currency: str
    amounts: dict[str, Decimal | None]


def totals_in(org: Org, asked: Asked) -> Iterator[Total]:
    """The totals, in as many queries as the number of groups takes; raises FixAccess when Salesforce cannot."""
    found = list(org.query(_totals_query(asked)))
    if len(found) < MOST_GROUPS:
        yield from (_total(asked, row) for row in found)
        return
    for part in _halves(org, asked):
        yield from totals_in(org, part)


def rows_in(org: Org, asked: Asked) -> Iterator[Held]:
    """The rows themselves."""
    fields = dict.fromkeys(("Id", asked.key, *asked.amounts, *filter(None, (asked.currency, asked.day))))
    for row in org.query(asked.query(fields)):
        yield _held(asked, row)


def rows_by_key(org: Org, asked: Asked, external_ids: Collection[str]) -> Iterator[Held]:
    """The rows with these external ids."""
    for some in lists_of(map(quoted, external_ids)):
        yield from rows_in(org, asked.and_also(f"{asked.key} IN ({some})"))


def unmarked(marks: Mapping[str, str | bool | None]) -> Iterator[str]:
    """The conditions of rows that do not bear these marks of ``on_delete``."""
    for name, mark in marks.items():
        said = str(mark).lower() if isinstance(mark, bool) else "null" if mark is None else quoted(mark)
        yield f"{name} != {said}"


def _totals_query(asked: Asked) -> str:
    group = [f"CALENDAR_YEAR({asked.day})", f"CALENDAR_MONTH({asked.day})"] if asked.day else []
    group += [asked.currency] if asked.currency else []
    names = ["y", "m"] if asked.day else []
    names += ["c"] if asked.currency else []
    shown = [f"{what} {name}" for what, name in zip(group, names, strict=True)]
    sums = [f"SUM({field}) s{place}" for place, field in enumerate(asked.amounts)]
    query = asked.query([*shown, "COUNT(Id) n", *sums])
    return f"{query} GROUP BY {', '.join(group)} LIMIT {MOST_GROUPS}" if group else query


def _total(asked: Asked, row: dict[str, Any]) -> Total:
    sums = {field: _number(row[f"s{place}"]) or Decimal(0) for place, field in enumerate(asked.amounts)}
    month = f"{int(row['y']):04}-{int(row['m']):02}" if row.get("y") else ""
    return Total(month, str(row.get("c") or ""), int(row["n"]), sums)


def _halves(org: Org, asked: Asked) -> Iterator[Asked]:
    """The rows without a day, and those of each half of the days."""
    if not asked.day:
        raise FixAccess(f"Salesforce {asked.sobject}: more than {MOST_GROUPS} different values of {asked.currency}")
    ends = next(org.query(asked.query([f"MIN({asked.day}) a", f"MAX({asked.day}) z"])))
    first, last = (date.fromisoformat(ends[name]) if ends[name] else None for name in ("a", "z"))
    if first is None or last is None or first == last:
        raise FixAccess(f"Salesforce {asked.sobject}: more than {MOST_GROUPS} different values of {asked.currency} "
                        f"with one {asked.day}")  # fmt: skip
    middle = first + (last - first) // 2
    yield asked.between(first, middle)
    yield asked.between(middle + timedelta(days=1), last)
    if not _has_days(asked):
        yield asked.and_also(f"{asked.day} = null")


def _has_days(asked: Asked) -> bool:
    return any(condition.startswith(f"{asked.day} >= ") for condition in asked.conditions)


def _held(asked: Asked, row: dict[str, Any]) -> Held:
    day, currency = (_at(row, path) for path in (asked.day, asked.currency))
    amounts = {field: _number(row[field]) for field in asked.amounts}
    return Held(str(row[asked.key]), str(row["Id"]), str(day or "")[:7], str(currency or ""), amounts)


def _at(row: dict[str, Any], path: str) -> object:
    """The value at a path such as Invoice__r.Invoice_Date__c; None where there is no parent."""
    found: Any = row
    for name in path.split(".") if path else ():
        found = found.get(name) if found else None
    return found if path else None


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
