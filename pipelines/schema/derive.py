"""What a field must be for its rule: the metadata type and size that the conversion and its options call for."""

from typing import Any, Final

from pipelines.mapping.model import Mapping, Rule
from pipelines.schema.field import Field, Value

Made = dict[str, Any]

LONGEST_TEXT: Final = 255
"""What a Text field holds; what is longer is a long text area (field types)."""
_LEAST_LONG, _LONG = 256, 32_768
_KEY_LENGTH: Final = 40
"""Of an external id made of numbers, several of them joined too."""
_SCALES: Final = {"number": 4, "currency": 2, "percent": 2, "integer": 0}
_PLAIN: Final = {
    "checkbox": "Checkbox",
    "date": "Date",
    "datetime": "DateTime",
    "time": "Time",
    "email": "Email",
    "phone": "Phone",
    "url": "Url",
}
_NUMBERS: Final = {"number": "Number", "currency": "Currency", "percent": "Percent", "integer": "Number"}
_LONG_TEXTS: Final = {"textarea": "LongTextArea", "json": "LongTextArea", "rich_text": "Html"}
_CHOSEN: Final = {"text", "picklist", "trim", "upper", "lower"}
_OF_DESCRIBED: Final = {
    "boolean": "checkbox",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "currency": "currency",
    "percent": "percent",
    "double": "number",
    "int": "integer",
    "email": "email",
    "phone": "phone",
    "url": "url",
    "textarea": "textarea",
}
"""For conversions that users write: the built-in one whose field takes the result, the narrowest type first."""


def derived(mapping: Mapping, name: str) -> Field:
    """The field that the rule of this name needs."""
    rule = mapping.fields[name]
    if name == mapping.external_id:
        made = _key(rule, mapping)
    elif rule.choices:
        made = _picklist(rule) or _sized(rule)
    else:
        made = _sized(rule)
    return Field(name=name, description=f"{mapping.source} of ChargeOver, {rule.words}", **made)


def marked(mapping: Mapping, name: str) -> Field:
    """The field that takes the constant which on_delete sets."""
    marks = mapping.on_delete if isinstance(mapping.on_delete, dict) else {}
    kind = Made(kind="Checkbox") if isinstance(marks[name], bool) else _text(LONGEST_TEXT)
    return Field(name=name, description=f"Set when ChargeOver no longer has the {mapping.source}", **kind)


def _key(rule: Rule, mapping: Mapping) -> Made:
    """Text without case, as ids are numbers; only whole numbers may be Number fields (metadata of external ids)."""
    if rule.bound.conversion.name == "integer":
        return {**_sized(rule), "is_key": True}
    words = any(mapping.types.get(source, "text") in {"text", "json"} for source in rule.sources)
    usual = LONGEST_TEXT if words else _KEY_LENGTH
    return {"kind": "Text", "length": rule.bound.options.get("max") or usual, "is_key": True}


def _picklist(rule: Rule) -> Made | None:
    """A picklist of the constants, restricted unless others are kept; None when the conversion makes something else."""
    conversion = rule.bound.conversion.name
    if conversion not in _CHOSEN | {"multipicklist"}:
        return None
    kind = "MultiselectPicklist" if conversion == "multipicklist" else "Picklist"
    parts = [part.strip() for each in rule.constants for part in (each.split(";") if kind[0] == "M" else [each])]
    values = tuple(Value(name=part, label=part) for part in dict.fromkeys(parts) if part)
    return {"kind": kind, "values": values, "restricted": rule.otherwise != "keep"} if values else None


def _sized(rule: Rule) -> Made:
    if not rule.sources and rule.as_ is None:
        return {"kind": "Checkbox"} if rule.value in {"true", "false"} else _text(LONGEST_TEXT)
    name, options = _conversion(rule), rule.bound.options
    if name in _PLAIN:
        return {"kind": _PLAIN[name]}
    if name in _NUMBERS:
        scale = options.get("scale")
        return {"kind": _NUMBERS[name], "precision": 18, "scale": _SCALES[name] if scale is None else scale}
    if name in _LONG_TEXTS:
        return _long(_LONG_TEXTS[name], options.get("max") or _LONG)
    if name == "multipicklist":
        return _long("LongTextArea", _LONG)  # its values are not known
    return _text(options.get("max") or LONGEST_TEXT)


def _conversion(rule: Rule) -> str:
    conversion = rule.bound.conversion
    known = {"text", "multipicklist", *_PLAIN, *_NUMBERS, *_LONG_TEXTS}
    if conversion.name in known or not conversion.into or "string" in conversion.into:
        return conversion.name
    return next((each for described, each in _OF_DESCRIBED.items() if described in conversion.into), "text")


def _long(kind: str, most: int) -> Made:
    """Short ones of plain text are text areas, which have a length of their own."""
    if kind == "LongTextArea" and most <= LONGEST_TEXT:
        return {"kind": "TextArea"}
    return {"kind": kind, "length": max(most, _LEAST_LONG)}


def _text(most: int) -> Made:
    return {"kind": "Text", "length": most} if most <= LONGEST_TEXT else _long("LongTextArea", most)
