"""How ChargeOver writes and reads dates and times: account-local, one-second resolution [docs: datetimes].

Written with offset (``2022-10-25T08:50:45-05:00``) or in the old zoneless form (``2015-03-24 14:57:52``, recorded in
2015). Read: ``YYYY-MM-DD``, ``YYYY-MM-DD HH:MM:SS``, ISO 8601 with offset, and every prefix of these down to the hour,
which is what an unescaped colon in a filter leaves over. Zoneless input is taken as account-local (inferred).
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

_FORM = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s?(Z|[+-]\d\d:?\d\d)?)?$"
)


class Times:
    """Turns seconds since 1970 into an account's text and back."""

    def __init__(self, zone: ZoneInfo, style: str) -> None:
        self._zone = zone
        self._zoneless = style == "zoneless"

    def text(self, at: int) -> str:
        """The account's way to write the second ``at``."""
        local = datetime.fromtimestamp(at, self._zone)
        return local.strftime("%Y-%m-%d %H:%M:%S") if self._zoneless else local.isoformat()

    def read(self, text: str) -> int | None:
        """The second a date or datetime text names, or None when it names none."""
        found = _FORM.match(text.strip())
        if found is None:
            return None
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        try:
            return int(datetime(year, month, day, hour, minute, second, tzinfo=self._offset(found[7])).timestamp())
        except ValueError:
            return None

    def _offset(self, text: str | None) -> ZoneInfo | timezone:
        if text is None:
            return self._zone
        if text == "Z":
            return UTC
        minutes = int(text[1:3]) * 60 + int(text[-2:])
        return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))

    def day(self, at: int) -> str:
        """The account-local calendar day of the second ``at``."""
        return datetime.fromtimestamp(at, self._zone).date().isoformat()

    def start_of(self, day: str, *, plus_days: int = 0) -> int:
        """The second at which the account-local ``day`` (moved by ``plus_days``) begins."""
        moved = date.fromisoformat(day) + timedelta(days=plus_days)
        return int(datetime(moved.year, moved.month, moved.day, tzinfo=self._zone).timestamp())


def days_between(earlier: str, later: str) -> int:
    """How many calendar days lie between two ``YYYY-MM-DD`` dates."""
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def day_after(day: str, days: int) -> str:
    """The date ``days`` days after ``day``."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
