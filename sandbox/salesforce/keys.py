"""Finds rows by a key field: an external id, an idLookup field, or Id."""

from sandbox.salesforce.errors import UnreadableError, not_found
from sandbox.salesforce.ids import normalized
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Entity
from sandbox.salesforce.shape import Field


def external_key(entity: Entity, name: str) -> Field:
    """The key field of this name in any case, else 404 NOT_FOUND (verified text; no FLS looks the same)."""
    fields = entity.seen.fields
    field = fields.get(name) or next((one for one in fields.values() if one.name.lower() == name.lower()), None)
    if field is None or not (field.is_key or field.name == "Id"):
        raise not_found(f"Provided external ID field does not exist or is not accessible: {name}")
    return field


def matches(entity: Entity, key: Field, given: Json) -> list[str]:
    """The ids of the rows that hold the value; one that the field could never hold matches nothing."""
    if key.name == "Id":
        record_id = normalized(str(given))
        return [record_id] if record_id in entity.table.rows else []
    try:
        value = entity.reader.read({key.name: given}).values.get(key.name)
    except UnreadableError:
        return []
    return [] if value is None else entity.table.find(key.name, value)
