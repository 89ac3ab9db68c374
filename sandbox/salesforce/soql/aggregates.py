"""COUNT, SUM, AVG, MIN and MAX, over all rows or by group.

A result with GROUP BY has one page of at most 2,000 groups (published: SOQL guide, considerations when using GROUP BY);
code and text of the refusal are inferred. Without GROUP BY there is no LIMIT (published, the same page)."""

from collections.abc import Callable, Iterable
from typing import Final

from sandbox.salesforce.errors import CallError
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Org
from sandbox.salesforce.shape import NUMBER_TYPES, Shape
from sandbox.salesforce.soql.nodes import Aggregate, DatePart, Order, Path, Selected, Statement
from sandbox.salesforce.soql.paths import resolve
from sandbox.salesforce.soql.tokens import soql_error
from sandbox.salesforce.table import Row

MOST_GROUPS: Final = 2_000

Column = tuple[str, Callable[[list[Row]], Json]]

FOLDS: Final[dict[str, Callable[[list[Json]], Json]]] = {
    "COUNT": len,
    "COUNT_DISTINCT": lambda values: len(set(values)),
    "SUM": lambda values: sum(values) if values else None,
    "AVG": lambda values: sum(values) / len(values) if values else None,
    "MIN": lambda values: min(values, default=None),
    "MAX": lambda values: max(values, default=None),
}


def aggregate(org: Org, statement: Statement, shape: Shape, rows: Iterable[Row]) -> tuple[int, list[dict[str, Json]]]:
    """Total and AggregateResult rows (expr0 where no alias); COUNT() alone gives a total without rows (verified)."""
    if _is_bare_count(statement):
        return sum(1 for _ in rows), []
    columns = _columns(org, statement, shape)
    groups = _grouped(org, statement, shape, rows)
    results = [
        {"attributes": {"type": "AggregateResult"}} | {name: read(group) for name, read in columns}
        for group in _ordered(org, statement, shape, groups)
    ]
    end = None if statement.limit is None else statement.offset + statement.limit
    results = results[statement.offset : end]
    if len(results) > MOST_GROUPS:
        text = "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch"
        raise CallError(400, "EXCEEDED_ID_LIMIT", text)
    return len(results), results


def _is_bare_count(statement: Statement) -> bool:
    return [one.what for one in statement.selected] == [Aggregate("COUNT", None)] and not statement.groups


def _grouped(org: Org, statement: Statement, shape: Shape, rows: Iterable[Row]) -> list[list[Row]]:
    if not statement.groups:
        if statement.limit is not None:
            raise soql_error(statement.text, 0, "LIMIT with an aggregate function needs a GROUP BY clause")
        return [list(rows)]
    reads = [_reader(org, statement, shape, each) for each in statement.groups]
    groups: dict[tuple[Json, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(read(row) for read in reads), []).append(row)
    return list(groups.values())


def _columns(org: Org, statement: Statement, shape: Shape) -> list[Column]:
    columns, expressions = [], 0
    for one in statement.selected:
        name, read = _column(org, statement, shape, one)
        if name is None:
            name, expressions = f"expr{expressions}", expressions + 1
        columns.append((name, read))
    return columns


def _column(
    org: Org, statement: Statement, shape: Shape, one: Selected
) -> tuple[str | None, Callable[[list[Row]], Json]]:
    if isinstance(one.what, Aggregate):
        return one.alias, _folded(org, statement, shape, one.what)
    grouped = {each.text.lower() for each in statement.groups}
    if one.what.text.lower() not in grouped:
        text = f"Field must be grouped or aggregated: {one.what.text}"
        raise soql_error(statement.text, one.what.at, text)
    read = _reader(org, statement, shape, one.what)
    name = None if isinstance(one.what, DatePart) else resolve(org, statement.text, shape, one.what).field.name
    return one.alias or name, lambda rows: read(rows[0])


def _reader(org: Org, statement: Statement, shape: Shape, what: Path | DatePart) -> Callable[[Row], Json]:
    """How a row is grouped; the year and month of a moment depend on a user's time zone, which this org has none of."""
    found = resolve(org, statement.text, shape, what if isinstance(what, Path) else what.path)
    if isinstance(what, Path):
        return found.read
    if found.field.type != "date":
        raise soql_error(statement.text, what.at, f"this sandbox has {what.function} of dates only")
    part = slice(0, 4) if what.function == "CALENDAR_YEAR" else slice(5, 7)
    return lambda row: None if (day := found.read(row)) is None else int(day[part])


def _folded(org: Org, statement: Statement, shape: Shape, what: Aggregate) -> Callable[[list[Row]], Json]:
    if what.path is None:
        return len
    found = resolve(org, statement.text, shape, what.path)
    if what.function in {"SUM", "AVG"} and found.field.type not in NUMBER_TYPES:
        text = f"field {found.field.name} does not support aggregate operator {what.function}"
        raise soql_error(statement.text, what.path.at, text)
    fold, read = FOLDS[what.function], found.read
    return lambda rows: fold([value for row in rows if (value := read(row)) is not None])


def _ordered(org: Org, statement: Statement, shape: Shape, groups: list[list[Row]]) -> list[list[Row]]:
    for order in reversed(statement.orders):
        read = _order_reader(org, statement, shape, order)
        empty = [group for group in groups if read(group) is None]
        filled = [group for group in groups if read(group) is not None]
        filled.sort(key=read, reverse=order.descending)
        groups = [*empty, *filled] if order.nulls_first else [*filled, *empty]
    return groups


def _order_reader(org: Org, statement: Statement, shape: Shape, order: Order) -> Callable[[list[Row]], Json]:
    if not isinstance(order.what, Aggregate):
        read = _reader(org, statement, shape, order.what)
        return lambda rows: read(rows[0]) if rows else None
    return _folded(org, statement, shape, order.what)
