"""Slots: a short hash of each field of a payload, so that two versions of a row can be compared field by field."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

Fragments = Sequence[str | None]

WIDTH = 8
"""Characters of a slot: 48 bits, so that one change in 10^14 would pass for none."""
LEFT_OUT = "-" * WIDTH
"""The slot of a field that the payload says nothing about."""
FORGOTTEN = "*" * WIDTH
"""The slot of a field that Salesforce does not hold as it has accepted it: equal to none, so that it is sent."""


def slot(fragment: str | None) -> str:
    """The slot of a field's part of the payload, such as ``"Total__c":12.50``."""
    return LEFT_OUT if fragment is None else b64encode(blake2b(fragment.encode(), digest_size=6).digest()).decode()


def slots_of(columns: Mapping[str, Fragments], size: int) -> list[str]:
    """The slots of so many rows, given by field: one text each, which begins with a slot of the names themselves."""
    head = _head(columns)
    found = [_slots(columns[name]) for name in sorted(columns)]
    return [head + "".join(row) for row in zip(*found, strict=True)] if found else [head] * size


def changed(names: Iterable[str], before: str, now: str) -> set[str] | None:
    """The fields whose slots differ; None when the two cannot be compared, since the mapping had other fields."""
    head = _head(names)
    if not (before.startswith(head) and now.startswith(head) and len(before) == len(now)):
        return None
    places = range(WIDTH, len(now), WIDTH)
    return {
        name for name, at in zip(sorted(names), places, strict=True) if before[at : at + WIDTH] != now[at : at + WIDTH]
    }


def by_field(names: Iterable[str], slots: str) -> dict[str, str]:
    """The slot of each field; nothing when they were made of other fields than these."""
    if not slots.startswith(_head(names)):
        return {}
    places = range(WIDTH, len(slots), WIDTH)
    return {name: slots[at : at + WIDTH] for name, at in zip(sorted(names), places, strict=True)}


def emptied(names: Iterable[str], slots: str, fields: Iterable[str]) -> str:
    """The slots after some fields were set to null."""
    return _replaced(names, slots, {field: slot(f'"{field}":null') for field in fields})


def forgotten(names: Iterable[str], slots: str, fields: Iterable[str]) -> str:
    """The slots after it has shown that Salesforce holds something else of some fields."""
    return _replaced(names, slots, dict.fromkeys(fields, FORGOTTEN))


def _replaced(names: Iterable[str], slots: str, new: Mapping[str, str]) -> str:
    found = dict(zip(sorted(names), range(WIDTH, len(slots), WIDTH), strict=True))
    for field, text in new.items():
        at = found[field]
        slots = slots[:at] + text + slots[at + WIDTH :]
    return slots


def _slots(column: Fragments) -> list[str]:
    made = {fragment: slot(fragment) for fragment in set(column)}
    return [made[fragment] for fragment in column]


def _head(names: Iterable[str]) -> str:
    return slot(",".join(sorted(names)))
