"""One row per call: /sobjects/X, by id and by external id."""

from sandbox.salesforce.call import Answer, Call, unreadable
from sandbox.salesforce.errors import CallError, Refusal, UnreadableError, not_found
from sandbox.salesforce.ids import normalized
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.keys import external_key, matches
from sandbox.salesforce.org import Entity, Org
from sandbox.salesforce.output import render
from sandbox.salesforce.removing import remove
from sandbox.salesforce.saving import Saved, insert, update
from sandbox.salesforce.shape import Field
from sandbox.salesforce.validation.reader import Draft

UNREACHABLE_ENDINGS = (".inc",)  # verified: such a value can answer 404


def create(org: Org, call: Call) -> Answer:
    """POST /sobjects/X: 201 {id, success, errors} (verified: without `created`)."""
    entity = org.entity(call.segments[1])
    saved = insert(org, entity, read_row(entity, call), allow_save=allow_save(call))
    _raise_if_refused(saved)
    return Answer(201, {"id": saved.id, "success": True, "errors": []}, rows=1)


def read(org: Org, call: Call) -> Answer:
    """GET /sobjects/X/{id}?fields=A,B."""
    entity = org.entity(call.segments[1])
    row = entity.table.rows[_existing(entity, call.segments[2])]
    return Answer(200, _shown(entity, row, call))


def read_by_key(org: Org, call: Call) -> Answer:
    """GET /sobjects/X/{ext field}/{value}: 200, 300 for several, 404 for none."""
    entity = org.entity(call.segments[1])
    found = _found_by_key(entity, call)
    if len(found) > 1:
        return _several(entity, found, call)
    if not found:
        raise not_found()
    return Answer(200, _shown(entity, entity.table.rows[found[0]], call))


def change(org: Org, call: Call) -> Answer:
    """PATCH /sobjects/X/{id}: 204 and no body."""
    entity = org.entity(call.segments[1])
    record_id = _existing(entity, call.segments[2])
    saved = update(org, entity, record_id, read_row(entity, call), allow_save=allow_save(call))
    _raise_if_refused(saved)
    return Answer(204, rows=1)


def upsert(org: Org, call: Call) -> Answer:
    """PATCH /sobjects/X/{ext field}/{value}: 201 created, 200 updated (204 up to API 45), 300 several (verified).

    The key in the body as well: refused, as older releases do; that newer ones let it pass is only inferred.
    """
    entity = org.entity(call.segments[1])
    key = external_key(entity, call.segments[2])
    value = call.segments[3]
    found = _found_by_key(entity, call)
    if len(found) > 1:
        return _several(entity, found, call)
    draft = read_row(entity, call)
    if key.name in draft.values:
        message = f"The {key.name} field should not be specified in the sobject data."
        raise CallError(400, "INVALID_FIELD", message, (key.name,))
    if not found:
        return _upsert_new(org, entity, key, value, draft, call)
    saved = update(org, entity, found[0], draft, allow_save=allow_save(call))
    _raise_if_refused(saved)
    if call.version < 46:
        return Answer(204, rows=1)
    return Answer(200, {"id": saved.id, "success": True, "errors": [], "created": False}, rows=1)


def _upsert_new(org: Org, entity: Entity, key: Field, value: str, draft: Draft, call: Call) -> Answer:
    if key.name == "Id" or call.query.get("updateOnly") == "true":
        raise not_found()
    keyed = _read(entity, {key.name: value}, call)
    draft.values |= keyed.values
    draft.refusals += keyed.refusals
    saved = insert(org, entity, draft, allow_save=allow_save(call))
    _raise_if_refused(saved)
    return Answer(201, {"id": saved.id, "success": True, "errors": [], "created": True}, rows=1)


def upsert_by_id(org: Org, call: Call) -> Answer:
    """POST or PATCH /sobjects/X/Id without a value makes a new row (verified that it is allowed)."""
    if call.segments[2] != "Id":
        raise CallError(405, "METHOD_NOT_ALLOWED", f"HTTP Method '{call.method}' not allowed. Allowed are DELETE,GET")
    answer = create(org, call)
    answer.body["created"] = True
    return answer


def erase(org: Org, call: Call) -> Answer:
    """DELETE /sobjects/X/{id}: 204; a deleted row is 404 ENTITY_IS_DELETED."""
    entity = org.entity(call.segments[1])
    return _erase(org, entity, _existing(entity, call.segments[2]))


def erase_by_key(org: Org, call: Call) -> Answer:
    """DELETE /sobjects/X/{ext field}/{value}: 204, 300 for several, 404 for none."""
    entity = org.entity(call.segments[1])
    found = _found_by_key(entity, call)
    if len(found) > 1:
        return _several(entity, found, call)
    if not found:
        raise not_found()
    return _erase(org, entity, found[0])


def _erase(org: Org, entity: Entity, record_id: str) -> Answer:
    _raise_if_refused(remove(org, entity.table.shape.name, record_id))
    return Answer(204, rows=1)


def read_row(entity: Entity, call: Call) -> Draft:
    """The body as a draft; type errors and, for single rows, an Id in the body refuse the call (verified)."""
    body = call.mapping()
    if "Id" in body:
        message = "The Id field should not be specified in the sobject data."
        raise CallError(400, "INVALID_FIELD", message, ("Id",))
    return _read(entity, body, call)


def _read(entity: Entity, row: dict[str, Json], call: Call) -> Draft:
    try:
        return entity.reader.read(row)
    except UnreadableError as error:
        raise unreadable(error, call.text()) from None


def allow_save(call: Call) -> bool:
    """Whether Sforce-Duplicate-Rule-Header asks to save despite duplicate rules that only alert (verified header)."""
    header = call.headers.get("sforce-duplicate-rule-header", "")
    return "allowsave=true" in header.replace(" ", "").lower()


def _found_by_key(entity: Entity, call: Call) -> list[str]:
    key = external_key(entity, call.segments[2])
    value = call.segments[3]
    if value.endswith(UNREACHABLE_ENDINGS):
        raise not_found()
    return matches(entity, key, value)


def _existing(entity: Entity, given: str) -> str:
    record_id = normalized(given)
    if record_id in entity.table.deleted:
        raise CallError(404, "ENTITY_IS_DELETED", "entity is deleted", ())
    if record_id is None or record_id not in entity.table.rows:
        raise not_found()
    return record_id


def _several(entity: Entity, found: list[str], call: Call) -> Answer:
    """300 with the paths of the rows that match (verified)."""
    return Answer(300, [f"{call.root}/sobjects/{entity.table.shape.name}/{record_id}" for record_id in found])


def _shown(entity: Entity, row: dict[str, Json], call: Call) -> dict[str, Json]:
    names = [name.strip() for name in call.query.get("fields", "").split(",") if name.strip()]
    unknown = [name for name in names if name not in entity.seen.fields]
    if unknown:
        message = f"No such column '{unknown[0]}' on sobject of type {entity.seen.name}"
        raise CallError(400, "INVALID_FIELD", message)
    chosen = ["Id", *(name for name in names if name != "Id")] if names else list(entity.seen.fields)
    return render(entity.seen, row, chosen, call.root)


def _raise_if_refused(saved: Saved) -> None:
    if saved.refusals:
        raise RowRefusedError(saved.refusals)


class RowRefusedError(CallError):
    """A single row was refused: 400 with its errors; missing access is 403 (inferred)."""

    def __init__(self, refusals: list[Refusal]) -> None:
        first = refusals[0]
        status = 403 if first.code.startswith("INSUFFICIENT_ACCESS") else 400
        super().__init__(status, first.code, first.message)
        self.body = [refusal.in_rest() for refusal in refusals]
