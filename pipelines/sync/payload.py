"""The payload as text: fields are picked out of it as they were written, so that no number changes on the way."""

from collections.abc import Collection, Iterator
from json import JSONDecoder

_decode = JSONDecoder().raw_decode


def picked(payload: str, names: Collection[str]) -> str:
    """The JSON object with only these of its fields."""
    return "{" + ",".join(text for name, text in _parts(payload) if name in names) + "}"


def _parts(payload: str) -> Iterator[tuple[str, str]]:
    """Each field with its part of the text; the text is as the mapping room writes it, without blanks."""
    at = 1
    while payload[at] != "}":
        name, colon = _decode(payload, at)
        _, end = _decode(payload, colon + 1)
        yield name, payload[at:end]
        at = end + (payload[end] == ",")
