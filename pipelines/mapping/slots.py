"""Slots: a short hash of each field of a payload, so that two versions of a row can be compared field by field."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

Fragments = Sequence[str | None]

WIDTH = 8
"""Characters of a slot: 48 bits, so that one change in 10^14 would pass for none."""
LEFT_OUT = "-" * WIDTH
"""The slot of a field that the payload says nothing about."""


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


def emptied(names: Iterable[str], slots: str, fields: Iterable[str]) -> str:
    """The slots after some fields were set to null."""
    found = dict(zip(sorted(names), range(WIDTH, len(slots), WIDTH), strict=True))
    for field in fields:
        at = found[field]
        slots = slots[:at] + slot(f'"{field}":null') + slots[at + WIDTH :]
    return slots


def _slots(column: Fragments) -> list[str]:
    made = {fragment: slot(fragment) for fragment in set(column)}
    return [made[fragment] for fragment in column]


def _head(names: Iterable[str]) -> str:
    return slot(",".join(sorted(names)))
