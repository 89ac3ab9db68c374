"""Rows as Salesforce holds them now: all fields that a mapping writes, and who changed the row last."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pipelines.mapping.scalars import Value, number_in, plain, text_of
from pipelines.salesforce.org import Org
from pipelines.salesforce.soql import lists_of, quoted

_CHANGED = ("LastModifiedDate", "LastModifiedById", "LastModifiedBy.Name")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which fields of an sObject, under which names they are wanted, and the paths to the keys of its parents."""

    sobject: str
    key: str
    has_numeric_key: bool
    fields: dict[str, str]
    """Name in Salesforce to the name that is wanted."""
    lookups: dict[str, tuple[str, str]]
    """Lookup field in Salesforce to the name that is wanted, and the path to the parent's external id."""

    def query(self, condition: str) -> str:
        """The SOQL for the rows that fit."""
        paths = (path for _, path in self.lookups.values())
        shown = dict.fromkeys(("Id", self.key, *self.fields, *self.lookups, *paths, *_CHANGED))
        return " ".join(("SELECT", ", ".join(shown), "FROM", self.sobject, "WHERE", condition))

    def literal(self, external_id: str) -> str:
        """An external id in a condition."""
        return external_id if self.has_numeric_key else quoted(external_id)


@dataclass(frozen=True, slots=True)
class Parent:
    """What a lookup holds: a row, by its Salesforce id and by its external id, of which it may have none."""

    salesforce_id: str
    external_id: str | None

    def __str__(self) -> str:
        return self.external_id or f"{self.salesforce_id}, which has no external id"


@dataclass(frozen=True, slots=True)
class Held:
    """One row; ``values`` by the names that were asked for, and when and by whom it was last changed."""

    external_id: str
    salesforce_id: str
    values: dict[str, Value | Parent]
    changed_at: datetime | None
    changed_by: str
    changed_by_id: str


def rows_by_key(org: Org, asked: Asked, external_ids: Collection[str]) -> Iterator[Held]:
    """The rows with these external ids."""
    for some in lists_of(map(asked.literal, external_ids)):
        yield from _held(asked, org.query(asked.query(f"{asked.key} IN ({some})")))


def rows_by_id(org: Org, asked: Asked, salesforce_ids: Collection[str]) -> Iterator[Held]:
    """The rows with these Salesforce ids."""
    for some in lists_of(map(quoted, salesforce_ids)):
        yield from _held(asked, org.query(asked.query(f"Id IN ({some})")))


def all_rows(org: Org, asked: Asked, *, by_job: bool) -> Iterator[Held]:
    """All rows with an external id, page by page, or by a query job, whose calls hardly grow with them."""
    soql = asked.query(f"{asked.key} != null")
    yield from _held(asked, org.queries.rows(soql) if by_job else org.query(soql))


def _held(asked: Asked, rows: Iterator[dict[str, Any]]) -> Iterator[Held]:
    for row in rows:
        values: dict[str, Value | Parent] = {name: _value(row.get(field)) for field, name in asked.fields.items()}
        values |= {name: _parent(row, field, path) for field, (name, path) in asked.lookups.items()}
        changed_at, changed_by_id, changed_by = (_at(row, path) for path in _CHANGED)
        yield Held(
            _key(row[asked.key], is_number=asked.has_numeric_key),
            str(row["Id"]),
            values,
            datetime.fromisoformat(str(changed_at)) if changed_at else None,
            str(changed_by or ""),
            str(changed_by_id or ""),
        )


def _parent(row: dict[str, Any], field: str, path: str) -> Value | Parent:
    if not row.get(field):
        return None
    key = _at(row, path)
    return Parent(str(row[field]), None if key is None else text_of(_value(key)))


def _value(found: object) -> Value:
    return found if isinstance(found, str | int | Decimal | bool) or found is None else str(found)


def _key(found: object, *, is_number: bool) -> str:
    number = number_in(found) if is_number else None
    return text_of(_value(found)) if number is None else plain(number)


def _at(row: dict[str, Any], path: str) -> object:
    """The value at a path such as Account__r.ChargeOver_Id__c, which a file has in one column; None without parent."""
    if path in row:
        return row[path]
    found: Any = row
    for name in path.split("."):
        found = found.get(name) if found else None
    return found
