"""The schema of mapping files with all that can be completed: objects, their fields, and what an org has."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipelines.mapping.conversions import BUILT_IN
from pipelines.mapping.conversions.texts import TEXT_TYPES
from pipelines.mapping.json_schema import Schema, json_schema
from pipelines.mapping.shape import FieldShape, SObjectShape

_TEXT = set(TEXT_TYPES.split())


@dataclass(frozen=True, slots=True)
class Known:
    """What an editor can offer."""

    sources: Mapping[str, Mapping[str, str]]
    """Source to its fields, each with its description."""
    sobjects: Mapping[str, str] = field(default_factory=dict)
    """Names of the org's sObjects, each with its label; empty: any name will do."""
    shapes: tuple[SObjectShape, ...] = ()
    """Those whose fields are known."""
    own: tuple[str, ...] | None = None
    """Names of the user's own conversions; None: any name may be one."""


def editor_schema(known: Known) -> str:
    """The schema as the text of a file."""
    schema = json_schema()
    schema["properties"]["from"] = _one_of(known.sources.keys(), schema["properties"]["from"]["description"])
    if known.sobjects:
        schema["properties"]["to"] = {
            "enum": list(known.sobjects),
            "enumDescriptions": list(known.sobjects.values()),
            "errorMessage": "the org showed no such sObject: co2sf editor asks it again",
        }
    schema["$defs"] |= {f"field of {source}": _fields(source, fields) for source, fields in known.sources.items()}
    kinds = sorted({each.type for shape in known.shapes for each in shape.fields.values()})
    schema["$defs"] |= {f"into {kind}": _conversion(kind) for kind in kinds}
    schema["$defs"]["own conversion"] = _own(known.own)
    schema["allOf"] = [
        *(_when("from", source, _of_source(source, fields)) for source, fields in known.sources.items()),
        *(_when("to", shape.name, _of_sobject(shape)) for shape in known.shapes),
    ]
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _one_of(names: Iterable[str], description: str) -> Schema:
    return {"enum": list(names), "description": description}


def _fields(source: str, fields: Mapping[str, str]) -> Schema:
    return {
        "enum": list(fields),
        "enumDescriptions": list(fields.values()),
        "errorMessage": f"{source} has no such field: co2sf fields {source} lists them",
    }


def _when(key: str, value: str, then: Schema) -> Schema:
    """A pattern, since the language server completes by a ``const`` that merely begins with the value."""
    is_it = {"type": "string", "pattern": f"^{re.escape(value)}$"}
    return {"if": {"properties": {key: is_it}, "required": [key]}, "then": {"properties": then}}


def _of_source(source: str, fields: Mapping[str, str]) -> Schema:
    """What ``from`` means for the rest of the file."""
    name = {"$ref": f"#/$defs/field of {source}"}
    origin = {"type": "object", "properties": {"from": {"anyOf": [name, {"type": "array", "items": name}]}}}
    return {
        "fields": {"additionalProperties": {"anyOf": [name, origin]}},
        "lookups": {"additionalProperties": origin},
        "only": {"properties": {each: {} for each in fields}, "propertyNames": name},
    }


def _of_sobject(shape: SObjectShape) -> Schema:
    """What ``to`` means for the rest of the file."""
    written = [each for each in shape.fields.values() if each.createable or each.updateable]
    keys = [each.name for each in written if each.external_id or each.id_lookup]
    closed = {"additionalProperties": False, "errorMessage": f"{shape.name} has no such field that can be written"}
    return {
        "external_id": {"enum": keys} if keys else {},
        "fields": {"properties": {each.name: _rule(each) for each in written}, **closed},
        "lookups": {"properties": {each.name: _lookup(each) for each in written if each.reference_to}, **closed},
    }


def _rule(target: FieldShape) -> Schema:
    about = {"description": f"{target.label}: {target.written_type}"}
    parts: Schema = {"as": {"$ref": f"#/$defs/into {target.type}"}}
    if target.type == "picklist" and target.values:
        value = _value(target)
        parts |= {"choices": {"additionalProperties": value}, "value": value, "default": value}
    rule: Schema = {"type": "object", "properties": parts}
    if target.type in _TEXT:
        return about | {"if": {"type": "object"}, "then": rule}
    wanted = {"errorMessage": f"{target.type}: write {{from: ..., as: {', '.join(_fitting(target.type)[:1])}}}"}
    return about | {"anyOf": [rule | {"required": ["as"]}, rule | {"required": ["value"]}]} | wanted


def _conversion(kind: str) -> Schema:
    fitting = _fitting(kind)
    parts = [{"enum": fitting}, {"$ref": "#/$defs/own conversion"}]
    return {"anyOf": parts, "errorMessage": f"does not go into {kind}: {', '.join(fitting)} do"}


def _own(names: tuple[str, ...] | None) -> Schema:
    """What conversions.py declares."""
    return {"type": "string", "not": {"enum": list(BUILT_IN)}} if names is None else {"enum": list(names)}


def _fitting(kind: str) -> list[str]:
    return [name for name, each in BUILT_IN.items() if not each.into or kind in each.into]


def _value(target: FieldShape) -> Schema:
    values: Schema = {"enum": [*target.values, None]}
    return values if target.restricted else {"anyOf": [values, {"type": ["string", "number", "boolean", "null"]}]}


def _lookup(target: FieldShape) -> Schema:
    about = {"description": f"{target.label}: looks up {' or '.join(target.reference_to)}"}
    return about | {"properties": {"to": {"enum": list(target.reference_to)}}}
