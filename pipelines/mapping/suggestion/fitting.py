"""Which conversion brings a ChargeOver type into a Salesforce field, and with which options."""

from collections.abc import Mapping

from pipelines.mapping.conversions import BUILT_IN
from pipelines.mapping.shape import FieldShape

_ways: Mapping[str, tuple[tuple[str, float], ...]] = {
    "text": (("email", 1), ("phone", 1), ("url", 1), ("picklist", 1), ("textarea", 1), ("text", 1)),
    "decimal": (("currency", 1), ("number", 1), ("percent", 0.9), ("text", 0.6)),
    "int": (("integer", 1), ("checkbox", 0.7), ("text", 0.75)),
    "bool": (("checkbox", 1), ("text", 0.5)),
    "date": (("date", 1), ("datetime", 0.7), ("text", 0.6)),
    "datetime": (("datetime", 1), ("date", 0.85), ("text", 0.6)),
    "json": (("json", 1),),
}
"""ChargeOver type to conversions, the best first, each with how well it suits."""
_TYPES = {"email": {"email"}, "phone": {"phone"}, "url": {"url"}, "picklist": {"picklist", "combobox"},
          "textarea": {"textarea"}}  # fmt: skip
"""What these conversions are for, though they go into others too."""
_numbers = {"currency", "number", "percent"}
_cut = {"text", "textarea"}
_code = 10
"""A field as short as that holds codes: cut, one would become another."""


def way_into(kind: str, field: FieldShape) -> tuple[str, float]:
    """The conversion, and how well it suits (0: none does)."""
    for name, suits in _ways.get(kind, ()):
        if field.type in BUILT_IN[name].into and field.type in _TYPES.get(name, {field.type}):
            return name, suits
    return "", 0.0


def options_for(name: str, field: FieldShape) -> dict[str, str]:
    """Options without which values of the conversion might not fit into the field."""
    if name in _numbers and field.scale < 2:
        return {"scale": str(field.scale)}
    if name == "phone":
        return {"too_long": "cut"}
    if name in _cut and field.length and field.length < (32_000 if name == "textarea" else 255):
        cut = {"too_long": "cut"} if field.length > _code else {}
        return {"max": str(field.length)} | cut
    return {"max": str(field.length)} if name == "json" and field.length else {}
