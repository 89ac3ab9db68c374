"""Whether what a rule makes can be stored in a field: its type, its length, its decimals, its picklist."""

from collections.abc import Iterator, Mapping
from typing import Literal

from pipelines.mapping.conversions import BUILT_IN
from pipelines.mapping.conversions.texts import length_of
from pipelines.mapping.model import Rule
from pipelines.mapping.problem import near_miss
from pipelines.mapping.scalars import quoted
from pipelines.mapping.shape import FieldShape

Told = tuple[str, Literal["error", "warning"]]

_LONG = {"textarea", "rich_text", "json"}
_SHORT = {"text", "trim", "upper", "lower"}


def value_problems(rule: Rule, field: FieldShape, types: Mapping[str, str]) -> Iterator[Told]:
    """What stops or changes values of the rule in the field; ``types`` are those of the ChargeOver fields."""
    wrong = list(_wrong_type(rule, field))
    yield from wrong
    if not wrong:
        yield from _too_long(rule, field, types)
        yield from _rounded(rule, field)
        yield from _not_in_picklist(rule, field)


def _wrong_type(rule: Rule, field: FieldShape) -> Iterator[Told]:
    bare = not rule.sources and rule.as_ is None
    if bare and rule.value in {None, "true", "false"}:
        if rule.value is not None and field.type != "boolean":
            yield f"{rule.value} is for checkboxes, {field.name} is a {field.type} field; write as: text", "error"
        return
    into = rule.bound.conversion.into
    if into and field.type not in into:
        fitting = [name for name, each in BUILT_IN.items() if field.type in each.into]
        advice = f"use as: {' or as: '.join(fitting)}" if fitting else "no conversion fits; remove it"
        yield (
            f"as: {rule.bound.conversion.name} does not go into the {field.type} field {field.name}; {advice}",
            "error",
        )


def _too_long(rule: Rule, field: FieldShape, types: Mapping[str, str]) -> Iterator[Told]:
    conversion, most = rule.bound.conversion.name, rule.bound.options.get("max")
    for constant in rule.constants:
        if field.length and length_of(constant) > field.length and field.type != "multipicklist":
            yield f"{quoted(constant)} is longer than the {field.length} characters of {field.name}", "error"
    if not field.length or not rule.sources or conversion not in _LONG | _SHORT:
        return
    if most is not None and most > field.length:
        yield (
            f"max: {most} is more than the {field.length} characters of {field.name}; write max: {field.length}",
            "warning",
        )
    elif most is None and field.length < (32_000 if conversion in _LONG else 255) and _is_free_text(rule, types):
        advice = (
            f"write max: {field.length}, and too_long: cut to shorten it" if conversion in _SHORT | {"textarea"} else ""
        )
        advice = advice or f"write max: {field.length}"
        yield f"text may be longer than the {field.length} characters of {field.name}; {advice}", "warning"


def _is_free_text(rule: Rule, types: Mapping[str, str]) -> bool:
    chosen = rule.choices is not None and rule.otherwise != "keep"
    return not chosen and any(types.get(name, "text") in {"text", "json"} for name in rule.sources)


def _rounded(rule: Rule, field: FieldShape) -> Iterator[Told]:
    """Salesforce rounds further decimals without a word (inferred; only an org can tell)."""
    if rule.bound.conversion.name not in {"number", "currency", "percent"}:
        return
    scale = rule.bound.options.get("scale")
    if scale is not None and scale > field.scale:
        yield (
            f"scale: {scale} is more than the {field.scale} decimals of {field.name}, Salesforce rounds them",
            "warning",
        )
    elif scale is None and field.scale < 2:
        text = f"{field.name} has {field.scale} decimals and Salesforce rounds to them; write scale: {field.scale}"
        yield f"{text}, or give the field more", "warning"


def _not_in_picklist(rule: Rule, field: FieldShape) -> Iterator[Told]:
    if field.type not in {"picklist", "multipicklist"} or not field.values:
        return
    if field.restricted and rule.choices is not None and rule.otherwise == "keep":
        text = f"{field.name} is restricted to its values, and otherwise: keep sends others, which Salesforce refuses"
        yield f"{text}; lift the restriction, or write otherwise: reject", "warning"
    known = {value.casefold() for value in field.values}
    for constant in rule.constants:
        parts = constant.split(";") if field.type == "multipicklist" else [constant]
        for part in (each.strip() for each in parts):
            if part.casefold() not in known:
                text = f"{quoted(part)} is not in the picklist {field.name}{near_miss(part, field.values)}"
                advice = "add the value there, or correct it here"
                yield f"{text}; {advice}", "error" if field.restricted else "warning"
