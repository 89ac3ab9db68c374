"""Dates, datetimes and times: ISO forms only, anything else is a parser error for the whole call (verified)."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final

from sandbox.salesforce.errors import Refusal, UnreadableError
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.shape import Field

DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
DATETIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?")
TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z")
FIRST_YEAR, LAST_YEAR = 1700, 4000


def day(field: Field) -> Callable[[Json], Json]:
    """Accepts YYYY-MM-DD."""

    def accept(value: Json) -> Json:
        parsed = parse_date(value)
        if parsed is None:
            raise UnreadableError("date", value)
        return value if FIRST_YEAR <= parsed.year <= LAST_YEAR else _outside(field, value)

    return accept


def instant(field: Field) -> Callable[[Json], Json]:
    """Accepts YYYY-MM-DDThh:mm:ss with Z or an offset; without one it is read as UTC (inferred); stored in UTC."""

    def accept(value: Json) -> Json:
        parsed = parse_datetime(value)
        if parsed is None:
            raise UnreadableError("datetime", value)
        return print_datetime(parsed) if FIRST_YEAR <= parsed.year <= LAST_YEAR else _outside(field, value)

    return accept


def time_of_day(_: Field) -> Callable[[Json], Json]:
    """Accepts hh:mm:ss.SSSZ."""

    def accept(value: Json) -> Json:
        if isinstance(value, str) and TIME.fullmatch(value):
            return value
        raise UnreadableError("time", value)

    return accept


def parse_date(value: Json) -> date | None:
    """The day that a text names, or None."""
    if not isinstance(value, str) or not DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def parse_datetime(value: Json) -> datetime | None:
    """The instant that a text names, in UTC, or None; a blank instead of the T is not accepted (verified)."""
    if not isinstance(value, str) or not DATETIME.fullmatch(value):
        return None
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def print_datetime(value: datetime) -> str:
    """As Salesforce prints it: 2026-01-01T10:00:00.000+0000 (verified)."""
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}+0000"


def _outside(field: Field, value: str) -> Refusal:
    """Which code answers years before 1700 or after 4000 is unknown; the one for numbers is taken."""
    message = f"{field.label}: value outside of valid range on numeric field: {value}"
    return Refusal("NUMBER_OUTSIDE_VALID_RANGE", message, (field.name,))
