"""Drift: how an org differs from what it was, in what a mapping uses and in what Salesforce requires."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.mapping.model import Mapping
from pipelines.mapping.scalars import quoted
from pipelines.mapping.shape import FieldShape, SObjectShape

_MOST_VALUES = 5
_FLAGS = {
    "restricted": "restricted to its values",
    "external_id": "an external id",
    "unique": "unique",
    "calculated": "a formula",
    "auto_number": "an auto-number",
    "is_required": "required",
}
_WRITEABLE = {
    (True, True): "writeable",
    (True, False): "writeable only when a record is created",
    (False, True): "writeable only when a record is updated",
    (False, False): "not writeable",
}


@dataclass(frozen=True, slots=True)
class Drift:
    """One way in which the org is no longer as it was; ``field`` is empty where it is the sObject itself."""

    field: str
    text: str
    noticed_at: datetime

    def __str__(self) -> str:
        return f"{self.text} (noticed {self.noticed_at:%Y-%m-%d %H:%M} UTC)"


def drift(
    mapping: Mapping, before: SObjectShape | None, after: SObjectShape | None, noticed_at: datetime
) -> tuple[Drift, ...]:
    """What a mapping should know about the way from one shape to the other; None: the org shows no such sObject."""
    return tuple(Drift(field, text, noticed_at) for field, text in _told(mapping, before, after))


def _told(mapping: Mapping, before: SObjectShape | None, after: SObjectShape | None) -> Iterator[tuple[str, str]]:
    if before is None or after is None:
        if after is not before:
            yield "", f"{mapping.to} {'is gone, or hidden from this user' if after is None else 'has appeared'}"
        return
    yield from (("", text) for text in _rights(before, after))
    old, new = _by_folded_name(before), _by_folded_name(after)
    used = [name.casefold() for name in _written(mapping)]
    for name in dict.fromkeys([*used, *(name for name, field in new.items() if field.is_required)]):
        for text in _of_field(old.get(name), new.get(name), is_used=name in used):
            field = new.get(name) or old.get(name)
            yield field.name if field else "", text


def _written(mapping: Mapping) -> list[str]:
    marks = mapping.on_delete if isinstance(mapping.on_delete, dict) else {}
    return [*mapping.fields, *mapping.lookups, *marks]


def _by_folded_name(shape: SObjectShape) -> dict[str, FieldShape]:
    return {name.casefold(): field for name, field in shape.fields.items()}


def _rights(before: SObjectShape, after: SObjectShape) -> Iterator[str]:
    for right, word in (("createable", "create"), ("updateable", "edit")):
        was, now = getattr(before, right), getattr(after, right)
        if was != now:
            yield f"this user {'may now' if now else 'may no longer'} {word} {after.name} records"


def _of_field(before: FieldShape | None, after: FieldShape | None, *, is_used: bool) -> Iterator[str]:
    if before is None or after is None:
        if before is not None:
            yield f"field {before.name} is gone, or hidden from this user"
        elif after is not None:
            yield f"new required field {after.name}" if after.is_required else f"field {after.name} has appeared"
    elif is_used:
        yield from _changes(before, after)
    elif not before.is_required:
        yield f"field {after.name} is required now"


def _changes(before: FieldShape, after: FieldShape) -> Iterator[str]:
    name = after.name
    if before.type != after.type:
        yield f"{name} is a {after.type} field, was {before.type}"
        return
    if before.length != after.length:
        yield f"{name} is {after.length} characters long, was {before.length}"
    if _digits(before) != _digits(after):
        yield "{} takes {} digits and {} decimals, took {} and {}".format(name, *_digits(after), *_digits(before))
    yield from _values(before, after)
    was, now = (_WRITEABLE[each.createable, each.updateable] for each in (before, after))
    if was != now:
        yield f"{name} is no longer writeable" if now == "not writeable" else f"{name} is {now}, was {was}"
    for flag, words in _FLAGS.items():
        if getattr(before, flag) != getattr(after, flag):
            yield f"{name} is {words} now" if getattr(after, flag) else f"{name} is no longer {words}"
    if before.reference_to != after.reference_to:
        yield f"{name} looks up {' or '.join(after.reference_to)}, looked up {' or '.join(before.reference_to)}"
    if before.relationship_name != after.relationship_name:
        yield f"the relationship of {name} is {after.relationship_name}, was {before.relationship_name}"


def _digits(field: FieldShape) -> tuple[int, int]:
    return field.precision - field.scale or field.digits, field.scale


def _values(before: FieldShape, after: FieldShape) -> Iterator[str]:
    lost = [value for value in before.values if value not in after.values]
    gained = [value for value in after.values if value not in before.values]
    for values, verb in ((lost, "lost"), (gained, "gained")):
        if values:
            yield f"picklist {after.name} {verb} {_listed(values)}"


def _listed(values: Sequence[str]) -> str:
    more = len(values) - _MOST_VALUES
    return ", ".join(quoted(value) for value in values[:_MOST_VALUES]) + (f" and {more} more" if more > 0 else "")
