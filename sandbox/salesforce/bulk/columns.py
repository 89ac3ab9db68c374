"""What the header of a job's file means, and how a row of cells becomes the JSON that REST rows are read from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sandbox.salesforce.bulk.problems import JobFailedError
from sandbox.salesforce.errors import Refusal, UnreadableError
from sandbox.salesforce.fieldentry import SOAP_TYPES
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Entity, Org
from sandbox.salesforce.shape import Field
from sandbox.salesforce.validation.reader import Draft
from sandbox.salesforce.validation.references import not_found

NULL: Final = "#N/A"
CHECKED: Final = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: a field, or with `key` the lookup field that is given by a key of its parent."""

    name: str
    field: Field
    key: str = ""

    def value(self, cell: str) -> Json:
        """`#N/A` is null; a checkbox takes true, false, 1 and 0 in any case (verified); the rest stays text."""
        if cell == NULL:
            return None
        if self.field.type == "boolean":
            return CHECKED.get(cell.lower(), cell)
        return cell


def columns_of(org: Org, entity: Entity, header: Sequence[str], operation: str) -> list[Column]:
    """The columns of a file; the first that is unknown, or unseen for lack of FLS, fails the job (verified).

    That names must have the letters of describe, that none comes twice, and that a delete takes nothing but Id is the
    stricter reading (unknown; texts too).
    """
    columns = [_column(org, entity, name) for name in header]
    twice = next((name for number, name in enumerate(header) if name in header[:number]), None)
    if twice is not None:
        raise JobFailedError("InvalidBatch", f"Field name found more than once : {twice}")
    other = next((name for name in header if name != "Id"), None)
    if operation in {"delete", "hardDelete"} and other is not None:
        raise JobFailedError("InvalidBatch", f"Only Id may be given to {operation}, not {other}")
    return columns


def _column(org: Org, entity: Entity, name: str) -> Column:
    path, dot, key = name.partition(".")
    if dot:
        return _by_parent(org, entity, name, path, key)
    field = entity.seen.fields.get(name)
    if field is None or field.type == "address":
        raise _no_field(name)
    return Column(name, field)


def _by_parent(org: Org, entity: Entity, name: str, path: str, key: str) -> Column:
    """Rel__r.Ext__c; a type before it is for polymorphic lookups only (verified texts)."""
    relation = path.rpartition(":")[2]
    fields = entity.seen.fields.values()
    field = next((one for one in fields if one.relationship_name == relation and one.reference_to), None)
    if field is None:
        raise JobFailedError("InvalidBatch", f"Unable to find relationship: {relation}")
    if ":" in path:
        text = f"type is not needed for non polymorphic foreign key references: {relation}"
        raise JobFailedError("InvalidBatch", text)
    parent = org.seen.get(field.reference_to[0])
    found = parent.fields.get(key) if parent else None
    if found is None or not (found.is_key or key == "Id"):
        raise _no_field(name)
    return Column(name, field, key)


def _no_field(name: str) -> JobFailedError:
    return JobFailedError("InvalidBatch", f"Field name not found : {name}")


def row_of(columns: list[Column], cells: list[str]) -> dict[str, Json]:
    """The row as JSON: an empty cell is left out, so that its field stays unchanged (verified).

    `#N/A` for a parent's key becomes a nested null, which is refused: what the vendor does is unknown.
    """
    row: dict[str, Json] = {}
    for column, cell in zip(columns, cells, strict=True):
        if cell == "":
            continue
        if column.key:
            row.setdefault(str(column.field.relationship_name), {})[column.key] = column.value(cell)
        else:
            row[column.name] = column.value(cell)
    return row


def draft_of(entity: Entity, columns: list[Column], row: dict[str, Json], made: Collection[str]) -> Draft:
    """The row as the REST calls read it, but what cannot be read fails the row alone (verified text).

    Rows of one file do not find each other as parents (verified): `made` are the ids that this job has made.
    """
    try:
        draft = entity.reader.read(row)
    except UnreadableError as error:
        return Draft(refusals=[_unreadable(columns, error)])
    for name in draft.via:
        if draft.values.get(name) in made:
            del draft.values[name]
            column = next(one for one in columns if one.key and one.field.name == name)
            given = row[str(column.field.relationship_name)][column.key]
            draft.refusals.append(not_found(given, column.key, column.field.reference_to[0]))
    return draft


def _unreadable(columns: list[Column], error: UnreadableError) -> Refusal:
    """Whether columns are counted from 0 or 1 is unknown, here from 1; the type of numbers is inferred."""
    numbered = enumerate(columns, 1)
    number, column = next((n, one) for n, one in numbered if error.field in (one.name, one.key))
    kind = SOAP_TYPES.get(column.field.type, "xsd:string")
    message = f"Failed to deserialize field at col {number}. Due to, '{error.value}' is not a valid value for the type"
    return Refusal("INVALID_FIELD", f"{message} {kind}", (column.name,))
