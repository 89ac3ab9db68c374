"""An example of a mapping: a record in, and what it must become; judged without network, clock or database."""

import json
from collections.abc import Iterator
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.mapping.frame import frame_of, values_of
from pipelines.mapping.model import Mapping
from pipelines.mapping.scalars import Value, number_in, text_of
from pipelines.mapping.translate import Identity, Translation, translate

_KEY = "_example"
_AT = datetime(2026, 1, 1, tzinfo=UTC)
LEFT_OUT = "(left out)"
Row = Dict[str, Value]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a record: a row, or the text with which it is rejected, or neither when ``only`` excludes it."""

    row: Row | None = None
    rejected: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, or the record as a whole (""), that is not as expected."""

    field: str
    expected: str
    became: str


@dataclass(frozen=True, slots=True)
class Example:
    """A record, what it must become, and where that is written."""

    mapping: Mapping = field(repr=False)
    name: str
    place: str
    record: Dict[str, Any]
    expected: Outcome

    def __str__(self) -> str:
        return f"{self.mapping.name}: {self.name}"

    def differences(self, zone: ZoneInfo) -> tuple[Difference, ...]:
        """How what becomes of the record differs from what is expected, in the order of the mapping."""
        return tuple(_differences(self, outcome_of(self.mapping, self.record, zone)))


def outcome_of(mapping: Mapping, record: Dict[str, Any], zone: ZoneInfo) -> Outcome:
    """What the mapping makes of one record; a child's record holds its parent's fields as ``invoice.total``."""
    frame = frame_of([{**record, _KEY: 1}], {**mapping.types, _KEY: "int"}, _AT)
    return _outcome(translate(frame, mapping, Identity(_KEY, None), zone))


def _outcome(made: Translation) -> Outcome:
    for message in values_of(made.rejections, "message"):
        return Outcome(rejected=message)
    columns = (values_of(made.payloads, name) for name in ("payload", "lookups"))
    for payload, lookups in zip(*columns, strict=True):
        return Outcome(row=json.loads(payload, parse_float=Decimal) | json.loads(lookups))
    return Outcome()


def _differences(example: Example, became: Outcome) -> Iterator[Difference]:
    expected = example.expected
    if expected.row is not None and became.row is not None:
        yield from _between(example.mapping.written, expected.row, became.row)
    elif expected != became and (expected.rejected is None or expected.rejected not in (became.rejected or "")):
        yield Difference("", _words(expected), _words(became))


def _between(names: tuple[str, ...], expected: Row, became: Row) -> Iterator[Difference]:
    for name in names:
        if not _same(expected.get(name, LEFT_OUT), became.get(name, LEFT_OUT)):
            yield Difference(name, _shown(expected, name), _shown(became, name))


def _same(expected: Value, became: Value) -> bool:
    """Whether text in a file says the value: numbers count by their amount."""
    if expected is None or became is None:
        return expected is became
    if isinstance(became, int | Decimal) and not isinstance(became, bool):
        return number_in(expected) == became
    return text_of(expected) == text_of(became)


def _shown(row: Row, name: str) -> str:
    value = row.get(name, LEFT_OUT)
    return "null" if value is None else text_of(value)


def _words(outcome: Outcome) -> str:
    if outcome.rejected is not None:
        return f"rejected: {outcome.rejected}"
    return "outside the mapping (only)" if outcome.row is None else "a row"
