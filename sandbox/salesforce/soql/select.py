"""Runs a statement: rows, or aggregated results, before paging."""

from collections.abc import Callable, Iterable
from itertools import islice

from sandbox.salesforce.errors import CallError
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Entity, Org
from sandbox.salesforce.output import attributes, value_of
from sandbox.salesforce.soql.aggregates import aggregate
from sandbox.salesforce.soql.candidates import candidates
from sandbox.salesforce.soql.filters import Filter
from sandbox.salesforce.soql.nodes import Order, Path, Statement
from sandbox.salesforce.soql.paths import Resolved, resolve
from sandbox.salesforce.soql.tokens import soql_error
from sandbox.salesforce.table import Row

Show = Callable[[Row], dict[str, Json]]


def run(org: Org, statement: Statement, root: str, *, deleted: bool = False) -> tuple[int, list[dict[str, Json]]]:
    """The total and the results; COUNT() has a total and no results (verified)."""
    entity = _entity(org, statement)
    filters = Filter(org, statement.text, entity.seen)
    test = filters.test(statement.condition)
    rows: Iterable[Row] = candidates(entity, filters, statement.condition)
    if deleted:
        rows = [*entity.table.rows.values(), *({**row, "IsDeleted": True} for row in entity.table.deleted.values())]
    if test is not None:
        rows = filter(test, rows)
    if statement.aggregated:
        return aggregate(org, statement, entity.seen, rows)
    show = _shower(org, statement, entity, root)
    ordered = sort(rows, _terms(org, statement, entity)) if statement.orders else rows
    end = None if statement.limit is None else statement.offset + statement.limit
    results = [show(row) for row in islice(ordered, statement.offset, end)]
    return len(results), results


def _entity(org: Org, statement: Statement) -> Entity:
    """The object of FROM, or INVALID_TYPE with the verified text."""
    try:
        return org.entity(statement.sobject.text)
    except CallError:
        text = (
            f"sObject type '{statement.sobject.text}' is not supported. If you are attempting to use a custom object, "
            "be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for "
            "the appropriate names."
        )
        raise soql_error(statement.text, statement.sobject.at, text, "INVALID_TYPE") from None


def sort(rows: Iterable[Row], terms: list[tuple[Callable[[Row], Json], Order]]) -> list[Row]:
    """Sorted by the last term first, so that earlier ones win; nulls come first unless said otherwise."""
    ordered = list(rows)
    for read, order in reversed(terms):
        empty = [row for row in ordered if read(row) is None]
        filled = [row for row in ordered if read(row) is not None]
        filled.sort(key=_sort_key(read), reverse=order.descending)
        ordered = [*empty, *filled] if order.nulls_first else [*filled, *empty]
    return ordered


def _sort_key(read: Callable[[Row], Json]) -> Callable[[Row], Json]:
    def key(row: Row) -> Json:
        value = read(row)
        return value.lower() if isinstance(value, str) else value

    return key


def _terms(org: Org, statement: Statement, entity: Entity) -> list[tuple[Callable[[Row], Json], Order]]:
    terms = []
    for order in statement.orders:
        if not isinstance(order.what, Path):
            raise soql_error(statement.text, statement.sobject.at, "Ordering by an aggregate needs a GROUP BY clause")
        found = resolve(org, statement.text, entity.seen, order.what)
        if found.field.long_text:
            text = f"field '{found.field.name}' can not be sorted in a query call"
            raise soql_error(statement.text, order.what.at, text, "MALFORMED_QUERY")
        read = found.read if found.field.type not in {"id", "reference"} else _exact(found.read)
        terms.append((read, order))
    return terms


def _exact(read: Callable[[Row], Json]) -> Callable[[Row], Json]:
    """Ids sort by their bytes, not by their letters without case."""
    return lambda row: None if (value := read(row)) is None else value.encode()


def _shower(org: Org, statement: Statement, entity: Entity, root: str) -> Show:
    paths = [one.what for one in statement.selected if isinstance(one.what, Path)]
    columns = [resolve(org, statement.text, entity.seen, path) for path in paths]
    name = entity.seen.name
    if all(not column.parents for column in columns):
        plain = [(column.field.name, column.read) for column in columns]

        def show_plain(row: Row) -> dict[str, Json]:
            shown: dict[str, Json] = {"attributes": attributes(name, row["Id"], root)}
            for field, read in plain:
                shown[field] = read(row)
            return shown

        return show_plain

    def show(row: Row) -> dict[str, Json]:
        shown: dict[str, Json] = {"attributes": attributes(name, row["Id"], root)}
        for column in columns:
            if column.parents:
                _show_parent(org, row, column, shown, root)
            else:
                shown[column.field.name] = column.read(row)
        return shown

    return show


def _show_parent(org: Org, row: Row, column: Resolved, shown: dict[str, Json], root: str) -> None:
    """A parent's field stands inside its relationship's name, with attributes; no parent is null (verified)."""
    here, place = row, shown
    for relation, lookup, parent in column.parents:
        above = org.tables[parent].rows.get(here.get(lookup.name, ""))
        if above is None:
            place.setdefault(relation, None)
            return
        if place.get(relation) is None:
            place[relation] = {"attributes": attributes(parent, above["Id"], root)}
        here, place = above, place[relation]
    place[column.field.name] = value_of(column.shape, here, column.field.name)
