"""Up to 200 rows per call: composite/sobjects create, update, delete, and upsert by a key field."""

from collections.abc import Callable
from itertools import groupby
from typing import Final

from sandbox.salesforce.call import Answer, Call, unreadable
from sandbox.salesforce.errors import CallError, Crash, CrashError, Refusal, UnreadableError
from sandbox.salesforce.ids import normalized
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Entity, Org
from sandbox.salesforce.removing import remove
from sandbox.salesforce.saving import Saved, insert, refused, update
from sandbox.salesforce.single import allow_save
from sandbox.salesforce.validation.reader import Draft

MOST_ROWS: Final = 200
MOST_CHUNKS: Final = 10
ROLLED_BACK: Final = Refusal(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone header",
)

Write = Callable[[], Saved]


def create(org: Org, call: Call) -> Answer:
    """POST composite/sobjects: each row names its type; results carry no `created` (verified)."""
    rows, save = _rows(call), allow_save(call)
    pairs = _read(org, call, rows)
    for _, draft in pairs:
        if draft.values.pop("Id", None) is not None:
            message = "The Id field should not be specified in the sobject data."
            draft.refusals.append(Refusal("INVALID_FIELD", message, ("Id",)))
    writes = [insertion(org, entity, draft, save=save) for entity, draft in pairs]
    return answer(org, call, writes, with_created=False)


def change(org: Org, call: Call) -> Answer:
    """PATCH composite/sobjects: rows by Id; results carry no `created` (verified)."""
    rows, save = _rows(call), allow_save(call)
    ids = [row.get("Id") for row in rows]
    pairs = _read(org, call, [{key: value for key, value in row.items() if key != "Id"} for row in rows])
    writes = [
        change_by_id(org, entity, record_id, draft, save=save)
        for (entity, draft), record_id in zip(pairs, ids, strict=True)
    ]
    return answer(org, call, writes, with_created=False)


def erase(org: Org, call: Call) -> Answer:
    """DELETE composite/sobjects?ids=A,B&allOrNone=false."""
    ids = [given for given in call.query.get("ids", "").split(",") if given]
    _check_size(ids)
    by_prefix = {table.shape.prefix: name for name, table in org.tables.items() if name in org.entities}
    return answer(org, call, [removal(org, by_prefix, given) for given in ids], with_created=False)


def answer(org: Org, call: Call, writes: list[Write], *, with_created: bool) -> Answer:
    """Does the writes in order; HTTP 200 even if every row failed, results in request order (verified).

    CrashError if Salesforce fails inside on one of the rows."""
    mark = org.journal.begin()
    try:
        results = [write() for write in writes]
        crash = next((one for saved in results for one in saved.refusals if isinstance(one, Crash)), None)
        if crash:
            org.journal.undo(mark)
            raise CrashError(crash)
        if _all_or_none(call) and any(saved.refusals for saved in results):
            org.journal.undo(mark)
            results = [saved if saved.refusals else refused([ROLLED_BACK], saved.id) for saved in results]
    finally:
        org.journal.end()
    shown = [_shown(saved, with_created=with_created) for saved in results]
    return Answer(200, shown, rows=sum(1 for saved in results if not saved.refusals))


def read_drafts(call: Call, entity: Entity, rows: list[dict[str, Json]], *, strict: bool) -> list[Draft]:
    """Reads all rows before any is written: a type error refuses the whole call (verified for JSON errors).

    So lookups see what stood before the call: rows of one call do not resolve against each other (verified for bulk,
    taken over here). An unknown field refuses the call when `strict`, else its row: which of them is unknown.
    """
    try:
        drafts = [entity.reader.read(row) for row in rows]
    except UnreadableError as error:
        raise unreadable(error, call.text()) from None
    if strict:
        unknown = next((draft.unknown[0] for draft in drafts if draft.unknown), None)
        if unknown:
            message = f"No such column '{unknown}' on sobject of type {entity.seen.name}"
            raise CallError(400, "INVALID_FIELD", message)
    return drafts


def rows_of(call: Call) -> list[dict[str, Json]]:
    """The rows of the body, 200 at most (verified text); a body of another form is a parser error."""
    rows = call.mapping().get("records")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise unreadable(UnreadableError("list", rows), call.text())
    _check_size(rows)
    return rows


def _rows(call: Call) -> list[dict[str, Json]]:
    rows = rows_of(call)
    chunks = sum(1 for _ in groupby(rows, key=_type_of))
    if chunks > MOST_CHUNKS:
        message = (
            f"Cannot have more than {MOST_CHUNKS} chunks in a single operation. "
            "Please rearrange the data to reduce chunking."
        )
        raise CallError(400, "INVALID_INPUT", message)
    return rows


def _check_size(rows: list[Json]) -> None:
    if len(rows) > MOST_ROWS:
        message = f"record limit reached. cannot submit more than {MOST_ROWS} records into this call"
        raise CallError(400, "EXCEEDED_ID_LIMIT", message)


def _type_of(row: dict[str, Json]) -> str:
    kind = row.get("attributes")
    name = kind.get("type") if isinstance(kind, dict) else None
    if not isinstance(name, str):
        raise CallError(400, "INVALID_TYPE", "Each record must name its type in attributes")
    return name


def _read(org: Org, call: Call, rows: list[dict[str, Json]]) -> list[tuple[Entity, Draft]]:
    strict = org.settings.unknown_field_fails == "call"
    pairs: list[tuple[Entity, Draft]] = []
    for name, chunk in groupby(rows, key=_type_of):
        entity = org.entity(name)
        pairs += [(entity, draft) for draft in read_drafts(call, entity, list(chunk), strict=strict)]
    return pairs


def insertion(org: Org, entity: Entity, draft: Draft, *, save: bool) -> Write:
    """The write that makes a row."""
    return lambda: insert(org, entity, draft, allow_save=save)


def change_by_id(org: Org, entity: Entity, given: Json, draft: Draft, *, save: bool) -> Write:
    """The write that changes the row with this id; what is no id is refused (code verified, text inferred)."""
    record_id = normalized(given) if isinstance(given, str) else None
    if record_id is None:
        message = f"malformed id {given}" if given else "Id not specified in an update call"
        return lambda: refused([Refusal("MALFORMED_ID" if given else "MISSING_ARGUMENT", message, ("Id",))])
    return lambda: update(org, entity, record_id, draft, allow_save=save)


def removal(org: Org, by_prefix: dict[str, str], given: str) -> Write:
    """The write that deletes the row with this id, of one of the objects given by their key prefixes."""
    record_id = normalized(given)
    if record_id is None:
        return lambda: refused([Refusal("MALFORMED_ID", f"malformed id {given}")])
    sobject = by_prefix.get(record_id[:3])
    if sobject is None:
        return lambda: refused([Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")])
    return lambda: remove(org, sobject, record_id)


def _all_or_none(call: Call) -> bool:
    if call.method == "DELETE":
        return call.outer_all_or_none or call.query.get("allOrNone", "").lower() == "true"
    return call.outer_all_or_none or call.mapping().get("allOrNone") is True


def _shown(saved: Saved, *, with_created: bool) -> dict[str, Json]:
    """A result: a failed row has no `created`, and no id unless it was rolled back (verified)."""
    if saved.refusals:
        errors = [refusal.in_collection() for refusal in saved.refusals]
        return ({"id": saved.id} if saved.id else {}) | {"success": False, "errors": errors}
    shown: dict[str, Json] = {"id": saved.id, "success": True, "errors": []}
    if with_created:
        shown["created"] = saved.created
    return shown
