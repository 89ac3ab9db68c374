"""Deletes a row and what hangs on it: details go along, lookups are emptied or forbid it."""

from sandbox.salesforce.errors import Refusal
from sandbox.salesforce.org import Org
from sandbox.salesforce.saving import Saved, gone, refused


def remove(org: Org, sobject: str, record_id: str) -> Saved:
    """Deletes one row; a row that a Restrict lookup points at is refused and nothing changes.

    Master-detail children and Contacts of an Account are deleted along, SetNull lookups are emptied (verified in
    describe); the text of a refusal by Restrict is inferred.
    """
    entity = org.entity(sobject)
    if not entity.seen.deletable:
        return refused([Refusal("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id")])
    return take_away(org, sobject, record_id)


def take_away(org: Org, sobject: str, record_id: str) -> Saved:
    """The same for somebody who may delete everything."""
    entity = org.entity(sobject)
    if record_id not in entity.table.rows:
        return refused([gone(entity, record_id)])
    mark = org.journal.begin()
    try:
        blocker = _cascade(org, sobject, record_id)
        if blocker:
            org.journal.undo(mark)
            return refused([blocker])
    finally:
        org.journal.end()
    return Saved(record_id)


def _cascade(org: Org, sobject: str, record_id: str) -> Refusal | None:
    gone = org.tables[sobject]
    locked = org.locks.refusal(gone, gone.rows[record_id])
    if locked:
        return locked
    gone.delete(record_id)
    for child, field in org.children_of(sobject):
        table = org.tables[child]
        for child_id in table.find(field.name, record_id):
            if child_id not in table.rows:
                continue  # a self-lookup's row that went with the cascade
            if field.on_delete == "restrict":
                return _restricted(table.shape.label, child_id)
            if field.on_delete == "cascade":
                blocker = _cascade(org, child, child_id)
                if blocker:
                    return blocker
                continue
            locked = org.locks.refusal(table, table.rows[child_id])
            if locked:
                return locked
            table.update(child_id, {field.name: None})
    return None


def _restricted(label: str, child_id: str) -> Refusal:
    message = (
        "Your attempt to delete this record could not be completed because it is associated with the following "
        f"{label} records: {child_id[:15]}"
    )
    return Refusal("DELETE_FAILED", message)
