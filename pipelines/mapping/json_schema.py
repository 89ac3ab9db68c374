"""The JSON Schema of mapping files, made from the models, so that editors complete and check while one types."""

from typing import Any

from pipelines.mapping.conversions import BUILT_IN, Conversion
from pipelines.mapping.model import Head, Lookup, Rule

Schema = dict[str, Any]


def json_schema() -> Schema:
    """The schema of one mapping file."""
    head, lookup, rule = (_part(model) for model in (Head, Lookup, Rule))
    definitions = head.pop("$defs", {}) | rule.pop("$defs", {}) | lookup.pop("$defs", {})
    head["properties"] |= {
        "fields": {
            "type": "object",
            "description": "left what it becomes, right where it comes from",
            "minProperties": 1,
            "additionalProperties": {"$ref": "#/$defs/Rule"},
        },
        "lookups": {
            "type": "object",
            "description": "references to records that other mappings load",
            "additionalProperties": {"$ref": "#/$defs/Lookup"},
        },
    }
    head["required"] += ["fields"]
    head |= {"title": "co2sf mapping", "description": "How records of ChargeOver become rows of one Salesforce object."}
    top = {"$schema": "https://json-schema.org/draft/2020-12/schema", **head}
    return top | {"$defs": definitions | {"Lookup": lookup, "Rule": _rules(rule)}}


def options_schema(conversion: Conversion) -> Schema:
    """Option name to schema; types that only exist in Python are described as text."""
    properties: Schema = {}
    for name, each in conversion.options.model_json_schema().get("properties", {}).items():
        kept = {key: value for key, value in each.items() if key not in {"title", "default"}}
        variants = [variant for variant in kept.pop("anyOf", []) if variant != {"type": "null"}]
        properties[name] = kept | (variants[0] if variants else {})
    return properties


def _part(model: Any) -> Schema:  # noqa: ANN401 - any of the models
    schema: Schema = model.model_json_schema(by_alias=True)
    schema.pop("title", None)
    for each in schema["properties"].values():
        each.pop("title", None)
        if each.get("default", 0) is None:
            del each["default"]
    return schema


def _rules(rule: Schema) -> Schema:
    """A rule is the name of a field, or one of: a rule with a built-in conversion, a rule with one of the user's."""
    built_in = [{"const": name, "description": each.doc} for name, each in BUILT_IN.items()]
    options: Schema = {}
    for conversion in BUILT_IN.values():
        options = options_schema(conversion) | options
    own = {"type": "string", "not": {"enum": list(BUILT_IN)}, "description": "declared in conversions.py"}
    shared = rule["properties"]
    closed = rule | {"properties": shared | {"as": {"oneOf": built_in}} | options}
    opened = {"type": "object", "properties": shared | {"as": own}, "required": ["as"]}
    return {"anyOf": [{"type": "string", "description": "ChargeOver field, as text"}, closed, opened]}
