"""Saves one row: insert, update and delete with everything that can refuse them.

When several faults hit one row their order of precedence is unknown; here the stages are: access, values,
required fields, locks, unique values, validation rules, duplicate rules. One stage's faults are reported together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sandbox.salesforce.errors import Refusal
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Entity, Org
from sandbox.salesforce.table import Row
from sandbox.salesforce.validation.reader import Draft


@dataclass(slots=True)
class Saved:
    """What became of a row: its id, or the refusals."""

    id: str | None
    created: bool = False
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def success(self) -> bool:
        """Whether the row was written."""
        return not self.refusals


def refused(refusals: Iterable[Refusal], record_id: str | None = None) -> Saved:
    """A row that was not written."""
    return Saved(record_id, refusals=list(refusals))


def insert(org: Org, entity: Entity, draft: Draft, *, allow_save: bool = False) -> Saved:
    """Writes a new row."""
    if not entity.seen.createable:
        return refused([_no_access()])
    faults = _unwritable(draft.values, entity.createable) or draft.refusals or _missing(draft.values, entity.required)
    if faults:
        return refused(faults)
    table = entity.table
    record_id = table.next_id()
    row = entity.defaults | draft.values
    stamp, user = org.clock.stamp(), org.user_id
    row |= {"Id": record_id, "CreatedDate": stamp, "CreatedById": user}
    row |= {"LastModifiedDate": stamp, "LastModifiedById": user, "SystemModstamp": stamp}
    entity.derive(row)
    faults = _save_faults(org, entity, row, row, allow_save=allow_save)
    if faults:
        return refused(faults)
    table.insert(row)
    return Saved(record_id, created=True)


def update(org: Org, entity: Entity, record_id: str, draft: Draft, *, allow_save: bool = False) -> Saved:
    """Changes a row; an id that is gone or never was is refused."""
    if not entity.seen.updateable:
        return refused([_no_access()])
    table = entity.table
    old = table.rows.get(record_id)
    if old is None:
        return refused([gone(entity, record_id)])
    faults = _unwritable(draft.values, entity.updateable) or draft.refusals or _nulled(draft.values, entity.not_null)
    if faults:
        return refused(faults)
    stamp = org.clock.stamp()
    changes = draft.values | {"LastModifiedDate": stamp, "LastModifiedById": org.user_id, "SystemModstamp": stamp}
    row = old | changes
    entity.derive(row)
    faults = _save_faults(org, entity, row, draft.values, allow_save=allow_save)
    if faults:
        return refused(faults)
    table.update(record_id, row)
    return Saved(record_id)


def gone(entity: Entity, record_id: str) -> Refusal:
    """Why an id has no row: deleted (ENTITY_IS_DELETED), another object's (MALFORMED_ID), or no such row."""
    if record_id in entity.table.deleted:
        return Refusal("ENTITY_IS_DELETED", "entity is deleted")
    if not record_id.startswith(entity.table.shape.prefix):
        label = entity.table.shape.fields["Id"].label
        named = label if label != "Record ID" else f"{entity.table.shape.label} ID"
        return Refusal("MALFORMED_ID", f"{named}: id value of incorrect type: {record_id}", ("Id",))
    return Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")


def _no_access() -> Refusal:
    """What a missing object right answers is unknown; the code for read-only access is taken."""
    return Refusal("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on cross-reference id")


def _unwritable(values: Row, writable: frozenset[str]) -> list[Refusal]:
    """INVALID_FIELD_FOR_INSERT_UPDATE naming all fields that cannot be written (verified text)."""
    names = [name for name in values if name not in writable]
    if not names:
        return []
    message = (
        f"Unable to create/update fields: {', '.join(names)}. Please check the security settings of this field "
        "and verify that it is read/write for your profile or permission set."
    )
    return [Refusal("INVALID_FIELD_FOR_INSERT_UPDATE", message, tuple(names))]


def _missing(values: Row, required: tuple[str, ...]) -> list[Refusal]:
    return _required([name for name in required if values.get(name) is None])


def _nulled(values: Row, not_null: frozenset[str]) -> list[Refusal]:
    return _required([name for name, value in values.items() if value is None and name in not_null])


def _required(names: list[str]) -> list[Refusal]:
    """REQUIRED_FIELD_MISSING naming all of them (verified text)."""
    if not names:
        return []
    message = f"Required fields are missing: [{', '.join(names)}]"
    return [Refusal("REQUIRED_FIELD_MISSING", message, tuple(names))]


def _save_faults(org: Org, entity: Entity, row: Row, written: Row, *, allow_save: bool) -> list[Refusal]:
    sobject = entity.table.shape.name
    if org.locks.wanted:
        contended = org.locks.refusal(entity.table, row, entity.table.rows.get(row["Id"], row))
        if contended:
            return [contended]
    if org.faults.rows:
        ordered = org.faults.refuse(sobject, row)
        if ordered:
            return [ordered]
    taken = _duplicates(entity, row, written)
    if taken:
        return taken
    broken = org.rules.refusals(sobject, row) if org.rules.validation else []
    if broken:
        return broken
    duplicate = org.rules.duplicate(entity.table, row, allow_save=allow_save) if org.rules.duplicates else None
    return [duplicate] if duplicate else []


def _duplicates(entity: Entity, row: Row, written: Row) -> list[Refusal]:
    """DUPLICATE_VALUE when another row holds a unique value (verified text; the 15-character id is inferred)."""
    found = []
    for name, index in entity.unique:
        value: Json = row.get(name) if name in written else None
        holder = index.first(value) if value is not None else None
        if holder is not None and holder != row["Id"]:
            message = f"duplicate value found: {name} duplicates value on record with id: {holder[:15]}"
            found.append(Refusal("DUPLICATE_VALUE", message))
    return found
