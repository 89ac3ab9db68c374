"""Resolves a dotted path such as Account__r.Parent.Name into a way to read its value from a row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Org
from sandbox.salesforce.output import value_of
from sandbox.salesforce.shape import Field, Shape
from sandbox.salesforce.soql.nodes import Path
from sandbox.salesforce.soql.tokens import soql_error
from sandbox.salesforce.table import Row

MOST_LEVELS: Final = 5


@dataclass(frozen=True, slots=True)
class Resolved:
    """A path's parents (relationship name, lookup field, parent object) and its last field."""

    parents: tuple[tuple[str, Field, str], ...]
    shape: Shape
    field: Field
    read: Callable[[Row], Json]


def resolve(org: Org, statement: str, shape: Shape, path: Path) -> Resolved:
    """The field that a path names; an unknown one is INVALID_FIELD with the verified text."""
    *relations, last = path.text.split(".")
    if relations and relations[0].lower() == shape.name.lower():
        relations = relations[1:]  # Account.Name in a query on Account
    if len(relations) > MOST_LEVELS:
        raise soql_error(statement, path.at, f"at most {MOST_LEVELS} parent levels are allowed")
    here, parents = shape, []
    for relation in relations:
        field = _relation(here, relation)
        parent = next((name for name in field.reference_to if name in org.seen), None) if field else None
        if field is None or parent is None:
            text = (
                f"Didn't understand relationship '{relation}' in field path. If you are attempting to use a custom "
                "relationship, be sure to append the '__r' after the custom relationship name. Please reference your "
                "WSDL or the describe call for the appropriate names."
            )
            raise soql_error(statement, path.at, text, "INVALID_FIELD")
        parents.append((str(field.relationship_name), field, parent))
        here = org.seen[parent]
    found = _field(here, last)
    if found is None:
        raise soql_error(statement, path.at, _no_column(last, here.name), "INVALID_FIELD")
    return Resolved(tuple(parents), here, found, _reader(org, tuple(parents), here, found))


def _relation(shape: Shape, name: str) -> Field | None:
    low = name.lower()
    return next((one for one in shape.fields.values() if (one.relationship_name or "").lower() == low), None)


def _field(shape: Shape, name: str) -> Field | None:
    low = name.lower()
    return shape.fields.get(name) or next((one for one in shape.fields.values() if one.name.lower() == low), None)


def _no_column(name: str, entity: str) -> str:
    return (
        f"No such column '{name}' on entity '{entity}'. If you are attempting to use a custom field, be sure to append "
        "the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate "
        "names."
    )


def _reader(org: Org, parents: tuple[tuple[str, Field, str], ...], shape: Shape, field: Field) -> Callable[[Row], Json]:
    name = field.name
    if not parents:
        if field.type == "address" or name == "IsDeleted":
            return lambda row: value_of(shape, row, name)
        return lambda row: row.get(name)
    steps = [(lookup.name, org.tables[parent].rows) for _, lookup, parent in parents]

    def read(row: Row) -> Json:
        here: Row | None = row
        for lookup, rows in steps:
            here = rows.get(here.get(lookup, "")) if here is not None else None
        return None if here is None else value_of(shape, here, name)

    return read
