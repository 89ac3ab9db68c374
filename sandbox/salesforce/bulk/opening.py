"""The body that opens a job, checked."""

from typing import Final

from sandbox.salesforce.bulk.job import Asked
from sandbox.salesforce.bulk.problems import JobRefusedError
from sandbox.salesforce.bulk.sheet import DELIMITERS, LINE_ENDS
from sandbox.salesforce.errors import CallError
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Entity, Org

OPERATIONS: Final = ("insert", "update", "upsert", "delete", "hardDelete")
KEYS: Final = frozenset({"object", "operation", "externalIdFieldName", "contentType", "lineEnding", "columnDelimiter"})


def read_asked(org: Org, body: dict[str, Json]) -> Asked:
    """What a job shall do; INVALIDJOB is verified for the external id field, code and texts of the rest are inferred.

    Unknown keys are refused, and so is an external id field for anything but an upsert (unknown: the stricter
    reading). An assignmentRuleId is not taken: the org has no assignment rules.
    """
    unknown = sorted(set(body) - KEYS)
    if unknown:
        raise CallError(400, "JSON_PARSER_ERROR", f'Unrecognized field "{unknown[0]}" at [line:1, column:1]')
    entity = _entity(org, body.get("object"))
    operation = _one_of(body, "operation", OPERATIONS, None)
    _one_of(body, "contentType", ("CSV",), "CSV")
    if operation == "hardDelete" and not org.settings.hard_delete:
        # Which permission it takes is not in the facts; a loader without one is the stricter reading.
        raise JobRefusedError("FeatureNotEnabled", "hardDelete needs a permission that this user does not have")
    return Asked(
        sobject=entity.seen.name,
        operation=operation,
        key=_key(entity, operation, body.get("externalIdFieldName")),
        line_ending=_one_of(body, "lineEnding", tuple(LINE_ENDS), "LF"),
        delimiter=_one_of(body, "columnDelimiter", tuple(DELIMITERS), "COMMA"),
    )


def _entity(org: Org, name: Json) -> Entity:
    try:
        return org.entity(str(name))
    except CallError:
        raise JobRefusedError("InvalidJob", f"Unable to find object: {name}") from None


def _one_of(body: dict[str, Json], name: str, allowed: tuple[str, ...], default: str | None) -> str:
    given = body.get(name, default)
    if given not in allowed:
        raise JobRefusedError("InvalidJob", f"{name} must be one of {', '.join(allowed)}, not {given}")
    return str(given)


def _key(entity: Entity, operation: str, name: Json) -> str | None:
    if operation != "upsert":
        if name is not None:
            raise JobRefusedError("InvalidJob", f"externalIdFieldName is for upsert only, not for {operation}")
        return None
    field = entity.seen.fields.get(str(name))
    if field is None or not field.is_key:
        fit = f"does not match an External ID, Salesforce Id, or indexed field for {entity.seen.name}"
        raise JobRefusedError("InvalidJob", f"Field name provided, {name} {fit}")
    return field.name
