"""JSON as ChargeOver writes it: amounts as exact numbers (99, 42.5), slashes and non-ASCII escaped as PHP does.

Written out by hand because answers are large and repeat the same keys in every row: see Shape.text().
"""

from collections.abc import Callable
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import Any


class Raw(str):
    """JSON text that is written as it stands."""

    __slots__ = ()


def number(value: Decimal) -> str:
    """An amount without needless zeros."""
    text = str(value) if -12 < value.adjusted() < 15 else format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _list(values: list[Any]) -> str:
    return "[" + ",".join([WRITERS[value.__class__](value) for value in values]) + "]"


def _object(values: dict[str, Any]) -> str:
    parts = [f"{encode_basestring_ascii(name)}:{WRITERS[value.__class__](value)}" for name, value in values.items()]
    return "{" + ",".join(parts) + "}"


WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    int: int.__repr__,
    float: float.__repr__,
    Decimal: number,
    str: encode_basestring_ascii,
    Raw: lambda value: value,
    list: _list,
    dict: _object,
}


def text(value: object) -> str:
    """Any answer value as JSON text."""
    return WRITERS[value.__class__](value)


def as_json(value: object) -> bytes:
    """Any answer value as the bytes that are sent."""
    # A slash can only stand inside a JSON string, so replacing it in the whole text is safe.
    return text(value).replace("/", "\\/").encode("ascii")
