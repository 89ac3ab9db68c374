"""Lookups: by the id of a row that exists, or nested by an external id of the parent."""

from collections.abc import Callable, Mapping

from sandbox.salesforce.errors import Refusal, UnreadableError
from sandbox.salesforce.ids import normalized
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.shape import Field, Shape
from sandbox.salesforce.table import Table
from sandbox.salesforce.validation.text import as_text


def reference(field: Field, tables: Mapping[str, Table]) -> Callable[[Json], Json]:
    """Accepts the 15- or 18-character id of a live row of the right object; 18 characters are stored.

    No id: MALFORMED_ID. Another object's: FIELD_INTEGRITY_EXCEPTION. No such row: INVALID_CROSS_REFERENCE_KEY.
    """
    parents = [tables[name] for name in field.reference_to if name in tables]
    prefixes = {table.shape.prefix for table in parents}

    def accept(value: Json) -> Json:
        if not isinstance(value, str):
            raise UnreadableError("reference", value)
        if not value.strip():
            return None
        record_id = normalized(value)
        if record_id is None:
            return Refusal("MALFORMED_ID", incorrect_id(field.label, value), (field.name,))
        if any(record_id in table.rows for table in parents):
            return record_id
        if prefixes and record_id[:3] not in prefixes:
            return Refusal("FIELD_INTEGRITY_EXCEPTION", incorrect_id(field.label, value), (field.name,))
        return _no_such_row(field, value)

    return accept


def _no_such_row(field: Field, value: str) -> Refusal:
    """An id that nothing has; record types have a text of their own (code verified, text inferred)."""
    if field.name == "RecordTypeId":
        message = f"{field.label}: this ID value isn't valid for the user: {value}"
        return Refusal("INVALID_CROSS_REFERENCE_KEY", message, (field.name,))
    return Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")


def incorrect_id(label: str, value: str) -> str:
    """The text "{Label} ID: id value of incorrect type: {value}" (verified); standard labels already end with ID."""
    named = label if label.endswith("ID") else f"{label} ID"
    return f"{named}: id value of incorrect type: {value}"


def nested(field: Field, tables: Mapping[str, Table], seen: Mapping[str, Shape]) -> Callable[[Json], Json]:
    """Accepts {"Ext__c": value} for a lookup and gives the parent's id.

    Not found: INVALID_FIELD "Foreign key external ID: v not found for field F in entity E" (verified). Two parents:
    DUPLICATE_EXTERNAL_ID (inferred). Null in it, or for it, is refused (verified that nested null is; text inferred).
    """
    entity = field.reference_to[0]

    def accept(value: Json) -> Json:
        keys = [key for key in value if key != "attributes"] if isinstance(value, dict) else []
        if len(keys) != 1:
            return _bad_reference(field)
        table, shape, given = tables.get(entity), seen.get(entity), value[keys[0]]
        key = shape.fields.get(keys[0]) if shape else None
        if table is None or key is None or not (key.is_key or key.name == "Id"):
            return _no_key(keys[0], entity)
        if given is None:
            return not_found("null", key.name, entity)
        return _parent(table, key, given, entity)

    return accept


def _parent(table: Table, key: Field, given: Json, entity: str) -> Json:
    text = as_text(given)
    try:
        found = table.find(key.name, normalized(text) if key.name == "Id" else given)
    except (ValueError, TypeError):  # text in a numeric key
        raise UnreadableError(key.type, given) from None
    if not found:
        return not_found(text, key.name, entity)
    if len(found) > 1:
        return more_than_one(key, found)
    return found[0]


def more_than_one(key: Field, found: list[str]) -> Refusal:
    """Two rows already hold the external id: DUPLICATE_EXTERNAL_ID naming their ids (verified)."""
    message = f"{key.label}: more than one record found for external id field: [{', '.join(found)}]"
    return Refusal("DUPLICATE_EXTERNAL_ID", message, (key.name,))


def not_found(value: str, key: str, entity: str) -> Refusal:
    """No parent holds the value (verified text)."""
    return Refusal("INVALID_FIELD", f"Foreign key external ID: {value} not found for field {key} in entity {entity}")


def _no_key(key: str, entity: str) -> Refusal:
    message = f"Field name provided, {key} does not match an External ID, Salesforce Id, or indexed field for {entity}"
    return Refusal("INVALID_FIELD", message)


def _bad_reference(field: Field) -> Refusal:
    message = f"The relationship {field.relationship_name} must name exactly one external ID field and its value"
    return Refusal("INVALID_FIELD", message)


def both_forms(field: Field) -> Refusal:
    """A lookup given by external id and by id at once (verified text)."""
    message = (
        f"Cannot specify both an external ID reference {field.relationship_name} and a salesforce id, {field.name}"
    )
    return Refusal("INVALID_FIELD", message)
