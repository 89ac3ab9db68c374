"""What one value becomes by one rule: empty, chosen, converted, and printed as JSON."""

import json
from collections.abc import Callable
from decimal import Decimal
from zoneinfo import ZoneInfo

from pipelines.mapping.conversions import Unfit
from pipelines.mapping.model import Rule
from pipelines.mapping.rows import is_empty
from pipelines.mapping.scalars import Value, plain, quoted, text_of

Become = Callable[[Value], Value | Unfit]


def becoming(rule: Rule, zone: ZoneInfo) -> Become:
    """The rule as a function of the source value; it returns a value, None for nothing, or Unfit, and never raises."""
    convert = rule.bound.ready(zone)
    nothing = rule.bound.conversion.nothing
    default = nothing if rule.default is None else _settled(convert(rule.default), nothing)

    def become(value: Value) -> Value | Unfit:
        if is_empty(value):
            return default
        chosen = value if rule.choices is None else _chosen(rule, value)
        return chosen if isinstance(chosen, Unfit) else _converted(chosen)

    def _converted(value: Value) -> Value | Unfit:
        return nothing if is_empty(value) else _settled(convert(value), nothing)

    return become


def _settled(made: Value | Unfit, nothing: Value) -> Value | Unfit:
    """Blank text is nothing: Salesforce stores null for it."""
    return nothing if made is None or (isinstance(made, str) and not made.strip()) else made


def _chosen(rule: Rule, value: Value) -> Value | Unfit:
    word, choices = text_of(value), rule.choices or {}
    if word in choices:
        return choices[word]
    if not isinstance(rule.otherwise, str):
        return rule.otherwise.value
    if rule.otherwise == "reject":
        known = ", ".join(quoted(each, 30) for each in list(choices)[:8])
        return Unfit(f"is not among the choices {known}; add it to the mapping, or say what happens otherwise")
    return value if rule.otherwise == "keep" else None


def constant_of(rule: Rule, zone: ZoneInfo) -> Value | Unfit:
    """The constant of a rule; without a conversion true and false are checkboxes, everything else is text."""
    if rule.as_ is not None:
        return becoming(rule, zone)(rule.value)
    return True if rule.value == "true" else False if rule.value == "false" else rule.value or None


def printed(value: Value) -> str:
    """The value as JSON: numbers plain and exact, text as it is."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value if isinstance(value, Decimal) else int(value))
