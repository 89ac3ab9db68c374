"""PATCH composite/sobjects/X/{key field}: up to 200 rows of one object, made or changed by their key."""

from collections import Counter

from sandbox.salesforce.call import Answer, Call
from sandbox.salesforce.collection import Write, answer, change_by_id, insertion, read_drafts, rows_of
from sandbox.salesforce.errors import CallError, Refusal
from sandbox.salesforce.index import key_of
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.keys import external_key
from sandbox.salesforce.org import Entity, Org
from sandbox.salesforce.saving import insert, refused, update
from sandbox.salesforce.shape import Field
from sandbox.salesforce.single import allow_save
from sandbox.salesforce.validation.reader import Draft
from sandbox.salesforce.validation.references import more_than_one


def upsert_all(org: Org, call: Call) -> Answer:
    """Results carry `created` (verified); the same key twice in one call fails every such row (verified)."""
    entity = org.entity(call.segments[2])
    key = external_key(entity, call.segments[3])
    rows = rows_of(call)
    _check_types(rows, entity)
    if key.name == "Id":
        return _upsert_by_id(org, call, entity, rows)
    strict = org.settings.unknown_field_fails == "call"
    drafts = read_drafts(call, entity, rows, strict=strict)
    return answer(org, call, by_key(org, entity, key, drafts, save=allow_save(call)), with_created=True)


def by_key(org: Org, entity: Entity, key: Field, drafts: list[Draft], *, save: bool) -> list[Write]:
    """The writes that make or change the rows with these keys."""
    compared = key_of(key)
    keys = [None if (value := draft.values.get(key.name)) is None else compared(value) for draft in drafts]
    twice = {value for value, times in Counter(keys).items() if times > 1 and value is not None}
    writes: list[Write] = []
    for draft, value in zip(drafts, keys, strict=True):
        if value in twice:
            writes.append(_always(_duplicate(key, value)))
        elif value is None:
            writes.append(_always(*(draft.refusals or [_missing_key(key)])))
        else:
            writes.append(_write(org, entity, key, draft, save=save))
    return writes


def _write(org: Org, entity: Entity, key: Field, draft: Draft, *, save: bool) -> Write:
    def write() -> Json:
        found = entity.table.find(key.name, draft.values[key.name])
        if not found:
            return insert(org, entity, draft, allow_save=save)
        if len(found) > 1:
            return refused([more_than_one(key, found)])
        if key.name not in entity.updateable:
            draft.values.pop(key.name)
        return update(org, entity, found[0], draft, allow_save=save)

    return write


def _upsert_by_id(org: Org, call: Call, entity: Entity, rows: list[dict[str, Json]]) -> Answer:
    bare = [{name: value for name, value in row.items() if name != "Id"} for row in rows]
    drafts = read_drafts(call, entity, bare, strict=org.settings.unknown_field_fails == "call")
    ids = [row.get("Id") for row in rows]
    return answer(org, call, by_id(org, entity, ids, drafts, save=allow_save(call)), with_created=True)


def by_id(org: Org, entity: Entity, ids: list[Json], drafts: list[Draft], *, save: bool) -> list[Write]:
    """By Id: null makes a row, an id changes one (verified in a recorded org, though the docs advise against it)."""
    return [
        insertion(org, entity, draft, save=save)
        if given is None
        else change_by_id(org, entity, given, draft, save=save)
        for given, draft in zip(ids, drafts, strict=True)
    ]


def _check_types(rows: list[dict[str, Json]], entity: Entity) -> None:
    """One type only, that of the URL (verified; code and text inferred)."""
    name = entity.seen.name
    for row in rows:
        kind = row.get("attributes")
        given = kind.get("type") if isinstance(kind, dict) else None
        if given != name and str(given).lower() != name.lower():
            message = f"The type of every record must be {name}, not {given}"
            raise CallError(400, "INVALID_TYPE", message)


def _always(*refusals: Refusal) -> Write:
    return lambda: refused(refusals)


def _duplicate(key: Field, value: Json) -> Refusal:
    """DUPLICATE_VALUE with the value in lower case unless the field is case sensitive (verified)."""
    shown = f"{value:g}" if isinstance(value, float) else value
    return Refusal("DUPLICATE_VALUE", f"Duplicate external id specified: {shown}", (key.name,))


def _missing_key(key: Field) -> Refusal:
    """A row without its key: the code is commonly reported, the text inferred."""
    return Refusal("MISSING_ARGUMENT", f"{key.name} not specified", (key.name,))
