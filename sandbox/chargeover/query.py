"""Lists: ``where``, ``order`` (one column), ``limit`` (default 10), ``offset``, ``expand``.

Without ``order`` rows come by ascending primary id [recorded 2015]. Whether several order columns are accepted is
unknown: here 400. What a limit above the account's largest does is unknown too, and a switch. No total, no next link.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.kind import Kind
from sandbox.chargeover.matching import cast, predicate, type_of
from sandbox.chargeover.table import Row, Table
from sandbox.chargeover.where import Clause, clauses_of

_DEFAULT_LIMIT = 10
_SHORT = 5000
_BY_TIME = frozenset({"mod_datetime", "write_datetime", "transaction_datetime", "cancel_datetime", "void_datetime"})


@dataclass(frozen=True, slots=True)
class Page:
    """What part of a list is asked for."""

    where: list[Clause]
    order: tuple[str, bool] | None
    limit: int
    offset: int
    expand: bool


def page_of(company: Company, kind: Kind, asked: Mapping[str, str]) -> Page:
    """The page that query parameters ask for; nodes of ``expand`` that the account does not know are ignored."""
    settings = company.settings
    limit = _whole(asked, "limit", min(_DEFAULT_LIMIT, settings.page_limit))
    if limit == 0 or (limit > settings.page_limit and settings.over_limit == "refuse"):
        raise Refusal.invalid("limit", limit)
    nodes = asked.get("expand", "").split(",")
    return Page(
        where=clauses_of(asked.get("where", "")),
        order=_order(kind, asked["order"]) if asked.get("order") else None,
        limit=min(limit, settings.page_limit),
        offset=_whole(asked, "offset", 0),
        expand=kind.child is not None and kind.child.name in nodes and kind.node in settings.expands,
    )


def rows(company: Company, kind: Kind, page: Page) -> list[Row]:
    """The rows of a page, in order."""
    found = matching(company, kind, page.where)
    if page.order is not None and page.order != (kind.key, True):
        name, ascending = page.order
        found = iter(sorted(found, key=_ranks(company, kind, name), reverse=not ascending))
    return list(islice(found, page.offset, page.offset + page.limit))


def matching(company: Company, kind: Kind, where: list[Clause]) -> Iterator[Row]:
    """All rows that fulfil every clause, by ascending id."""
    tests = [predicate(company, kind, clause) for clause in where]
    stored, unseen = company.tables[kind.name].rows, company.unseen(kind.name)
    for row_id in _candidates(company, kind, where):
        row = stored[row_id]
        if row_id not in unseen and all(test(row) for test in tests):
            yield row


def _candidates(company: Company, kind: Kind, where: list[Clause]) -> Sequence[int]:
    table = company.tables[kind.name]
    found: Sequence[int] = table.ids
    for clause in where:
        narrowed = _narrowed(company, kind, clause)
        if narrowed is not None and len(narrowed) < len(found):
            found = narrowed
    for clause in where:
        if clause.field == kind.key:
            found = _between(found, clause.operator, cast(company, "int", clause.value))
    return found


def _narrowed(company: Company, kind: Kind, clause: Clause) -> Sequence[int] | None:
    table = company.tables[kind.name]
    if clause.operator == "EQUALS" and clause.field in kind.indexed:
        return table.ids_with(clause.field, cast(company, type_of(company, kind, clause.field), clause.value))
    if clause.operator == "EQUALS" and clause.field == "applied_to.invoice_id":
        return sorted(company.applied_on.get(cast(company, "int", clause.value), ()))
    if clause.operator == "EQUALS" and clause.field == "transaction.transaction_id":
        return sorted(company.applied.get(cast(company, "int", clause.value), ()))
    if clause.field in _BY_TIME and clause.operator in {"GT", "GTE", "LT", "LTE"}:
        return _within(company, table, clause)
    return None


def _within(company: Company, table: Table, clause: Clause) -> Sequence[int] | None:
    """The ids that an index of seconds leaves over, a day to spare where local texts are compared."""
    at, slack = cast(company, "datetime", clause.value), company.times.slack_seconds
    later = clause.operator[0] == "G"
    pairs = table.span(clause.field, at - slack if later else None, None if later else at + slack)
    # Beyond this, walking the ids until a page is full costs less than sorting the span.
    return sorted(row_id for _, row_id in pairs) if len(pairs) <= _SHORT else None


def _between(ids: Sequence[int], operator: str, value: Any) -> Sequence[int]:  # noqa: ANN401 -- int or Decimal
    if operator in {"GT", "GTE"}:
        return ids[(bisect_right if operator == "GT" else bisect_left)(ids, value) :]
    if operator in {"LT", "LTE"}:
        return ids[: (bisect_left if operator == "LT" else bisect_right)(ids, value)]
    if operator == "EQUALS":
        return ids[bisect_left(ids, value) : bisect_right(ids, value)]
    return ids


def _ranks(company: Company, kind: Kind, name: str) -> Callable[[Row], tuple[bool, Any]]:
    """Where rows stand in the order of a column: nulls first, as MySQL has them."""
    is_time = kind.types[name] == "datetime"

    def rank(row: Row) -> tuple[bool, Any]:
        value = kind.value(company, row, name)
        value = company.times.compared(value) if is_time else value
        return (value is not None, value)

    return rank


def _order(kind: Kind, text: str) -> tuple[str, bool]:
    name, _, direction = text.partition(":")
    if name not in kind.types or direction not in {"ASC", "DESC", ""}:
        raise Refusal(400, f"You cannot order by: {text}.")
    return name, direction != "DESC"


def _whole(asked: Mapping[str, str], name: str, default: int) -> int:
    text = asked.get(name, "")
    if not text:
        return default
    if not text.isdecimal():
        raise Refusal.invalid(name, text)
    return int(text)
