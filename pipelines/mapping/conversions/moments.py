"""Conversions to dates and times; ChargeOver writes zoneless ones in the account's time zone (dates and times page)."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pipelines.mapping.conversions.declaring import Unfit, conversion
from pipelines.mapping.scalars import Value, text_of

_CLOCK = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_MOMENT = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ]{_CLOCK} ?(Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?\Z")
_TIME = re.compile(rf"{_CLOCK}\Z")
_WANTED = "is not a date such as 2026-01-31"
_FIRST, _LAST = 1700, 4000


def _moment(value: Value, zone: ZoneInfo) -> datetime | None:
    """The instant that was written; in the hour that a clock shows twice the first one, in the hour it skips the
    time that much later (fold 0 of the standard library)."""
    written = text_of(value).strip()
    if len(written) > 40 or not _MOMENT.match(written):
        return None
    try:
        found = datetime.fromisoformat(written.replace(" ", "T", 1).replace(" ", ""))
    except ValueError:
        return None
    if not _FIRST <= found.year < _LAST:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


@conversion(into="date")
def date_(value: Value, *, zone: ZoneInfo) -> str | Unfit:
    """A day; of a date with time the day it was in the account's time zone, or in the one that zone names."""
    written = text_of(value).strip()
    found = _moment(value, zone)
    if found is None:
        return Unfit(f"{_WANTED} between 1700 and 4000; correct it in ChargeOver, or map the field as text")
    return written if len(written) == 10 else found.astimezone(zone).strftime("%Y-%m-%d")


@conversion(into="datetime")
def datetime_(value: Value, *, zone: ZoneInfo) -> str | Unfit:
    """An instant in UTC, to the second; an offset is honoured, without one the account's time zone counts (or zone)."""
    found = _moment(value, zone)
    if found is None:
        return Unfit(f"{_WANTED}T14:30:00-06:00 between 1700 and 4000; correct it, or map the field as text")
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@conversion(into="time")
def time_(value: Value, *, zone: ZoneInfo) -> str | Unfit:
    """A time of day such as 14:30; of a date with time the one that clocks in the time zone showed."""
    written = text_of(value).strip()
    if _TIME.match(written):
        found = _clock(written)
    else:
        moment = _moment(value, zone) if len(written) > 10 else None
        found = moment.astimezone(zone) if moment else None
    return Unfit("is not a time such as 14:30") if found is None else found.strftime("%H:%M:%S.000Z")


def _clock(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(f"2000-01-01T{written}")
    except ValueError:
        return None
