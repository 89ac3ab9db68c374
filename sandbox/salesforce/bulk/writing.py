"""The writes that a job's rows ask for: the same functions that the collections of REST use."""

from sandbox.salesforce.bulk.columns import Column, draft_of, row_of
from sandbox.salesforce.bulk.job import Job, Outcome
from sandbox.salesforce.collection import Write, change_by_id, insertion, removal
from sandbox.salesforce.errors import Refusal
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.keys import matches
from sandbox.salesforce.org import Entity, Org
from sandbox.salesforce.saving import Saved
from sandbox.salesforce.upsert import by_id, by_key

Row = dict[str, Json]


def save_rows(org: Org, job: Job, columns: list[Column], cells: list[list[str]]) -> list[Outcome]:
    """Saves up to 200 rows as one transaction chunk (verified size); each row stands or falls by itself."""
    entity = org.entity(job.asked.sobject)
    rows = [row_of(columns, one) for one in cells]
    saved = [write() for write in _writes(org, entity, job, columns, rows)]
    return [_outcome(entity, job, row, one) for row, one in zip(rows, saved, strict=True)]


def _writes(org: Org, entity: Entity, job: Job, columns: list[Column], rows: list[Row]) -> list[Write]:
    operation = job.asked.operation
    if operation in {"delete", "hardDelete"}:
        return [_removal(org, entity, row, purge=operation == "hardDelete") for row in rows]
    ids = [row.get("Id") for row in rows]
    keyed_by_id = operation == "update" or job.asked.key == "Id"
    bare = [{name: row[name] for name in row if name != "Id"} for row in rows] if keyed_by_id else rows
    drafts = [draft_of(entity, columns, row, job.made) for row in bare]
    if operation == "insert":
        return [insertion(org, entity, draft, save=False) for draft in drafts]
    if operation == "update":
        return [change_by_id(org, entity, given, draft, save=False) for given, draft in zip(ids, drafts, strict=True)]
    if keyed_by_id:
        return by_id(org, entity, ids, drafts, save=False)
    return by_key(org, entity, entity.seen.fields[str(job.asked.key)], drafts, save=False)


def _removal(org: Org, entity: Entity, row: Row, *, purge: bool) -> Write:
    """A hard delete leaves nothing behind to undelete; what went along with it stays in the bin (inferred)."""
    name = entity.table.shape.name
    remove = removal(org, {entity.table.shape.prefix: name}, str(row.get("Id") or ""))

    def write() -> Saved:
        saved = remove()
        if purge and saved.id and saved.success:
            entity.table.purge(saved.id)
        return saved

    return write


def _outcome(entity: Entity, job: Job, row: Row, saved: Saved) -> Outcome:
    if saved.success:
        return Outcome(str(saved.id), created=saved.created)
    return Outcome(_known_id(entity, job, row), error=";".join(_printed(one) for one in saved.refusals))


def _known_id(entity: Entity, job: Job, row: Row) -> str:
    """A failed row has an id only if the row was there before (as in the docs' example)."""
    key = entity.seen.fields[job.asked.key or "Id"]
    found = matches(entity, key, row[key.name]) if row.get(key.name) else []
    return found[0] if len(found) == 1 else ""


def _printed(refusal: Refusal) -> str:
    """CODE:message:FIELD FIELD -- (verified); how several errors of one row are joined is unknown."""
    return f"{refusal.code}:{refusal.message}:{''.join(f'{name} ' for name in refusal.fields)}--"
