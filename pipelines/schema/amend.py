"""How a field of the org can be made to fit without losing anything: longer, more decimals, more values, unique."""

from dataclasses import replace
from typing import Final

from pipelines.mapping.shape import FieldShape
from pipelines.schema.derive import LONGEST_TEXT
from pipelines.schema.field import DESCRIBED, NUMBERS, PICKLISTS, Field, Value

_KIND: Final = {
    described: kind for kind, described in DESCRIBED.items() if kind not in {"TextArea", "Html", "MasterDetail"}
}
_DIGITS: Final = 18
_KEYS: Final = frozenset({"Text", "Number", "Email"})
"""Types that can be external ids (metadata of external ids; Email by the recorded describes)."""


def amended(need: Field, has: FieldShape) -> Field | str:
    """The field as it is in the org, widened to what is needed; or why only a person can make it fit, which is empty
    when rights alone do.

    Nothing is taken from it: its label, values, defaults and help stay, and its type does. Only its description is
    lost, which describe does not show."""
    if not has.name.endswith("__c"):
        return "it is a field of Salesforce's own"
    if has.calculated or has.auto_number:
        return "Salesforce fills it"
    kept = _kept(has)
    if isinstance(kept, str):
        return kept
    if need.kind in {"Lookup", "MasterDetail"} or kept.kind == "Lookup":
        return "a lookup stays what it is" if has.createable else ""
    found = _widened(kept, need, has)
    if found != kept:
        return found
    return "" if not (has.createable and has.updateable) else f"a {has.type} field stays one"


def _kept(has: FieldShape) -> Field | str:
    kind = _kind(has)
    if kind is None:
        return f"a {has.type} field is not changed from here"
    values = tuple(Value(name=name, label=label, default=name == has.default) for name, label in _labelled(has))
    return Field(
        name=has.name,
        kind=kind,
        label=has.label,
        help=has.help,
        length=has.length if kind in {"Text", "LongTextArea", "Html"} else 0,
        precision=has.precision,
        scale=has.scale,
        values=values if kind in PICKLISTS else (),
        restricted=has.restricted,
        external_id=has.external_id,
        unique=has.unique,
        case_sensitive=has.case_sensitive,
        required=not has.nillable and has.type != "boolean",
        default="" if kind in PICKLISTS else has.default,
    )


def _kind(has: FieldShape) -> str | None:
    if has.html:
        return "Html"
    return "TextArea" if has.type == "textarea" and has.length <= LONGEST_TEXT else _KIND.get(has.type)


def _labelled(has: FieldShape) -> list[tuple[str, str]]:
    return list(zip(has.values, has.labels, strict=True)) if has.labels else [(name, name) for name in has.values]


def _widened(kept: Field, need: Field, has: FieldShape) -> Field | str:
    length = max(kept.length, need.length)
    if kept.kind == "TextArea" and need.length > LONGEST_TEXT:
        return f"a text area holds {LONGEST_TEXT} characters; make it a long text area in Setup"
    if kept.kind == "Text" and length > LONGEST_TEXT:
        return f"a text field holds {LONGEST_TEXT} characters; make it a long text area in Setup"
    found = replace(kept, length=length if kept.length else 0)
    if kept.kind in NUMBERS and need.kind in NUMBERS and need.scale > kept.scale:
        found = replace(found, scale=need.scale, precision=kept.precision + need.scale - kept.scale)
        if found.precision > _DIGITS:
            whole = has.precision - has.scale
            return f"{whole} digits and {need.scale} decimals are more than {_DIGITS}; make it smaller in Setup first"
    if kept.kind in PICKLISTS:
        return _with_values(found, need)
    if need.is_key:
        return replace(found, is_key=True) if kept.kind in _KEYS else f"a {has.type} field cannot be an external id"
    return found


def _with_values(kept: Field, need: Field) -> Field:
    """Values of the org first: one that the file leaves out would be taken away."""
    known = {value.name.casefold() for value in kept.values}
    more = tuple(value for value in need.values if value.name.casefold() not in known)
    is_restricted = kept.restricted and (need.restricted or need.kind not in PICKLISTS)
    return replace(kept, values=(*kept.values, *more), restricted=is_restricted)
