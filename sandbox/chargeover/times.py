"""How ChargeOver writes and reads dates and times: account-local, one-second resolution [docs: datetimes].

Written with offset (``2022-10-25T08:50:45-05:00``), in the old zoneless form (``2015-03-24 14:57:52``, recorded in
2015) or in any format an account may have [docs: datetimes]. Read: ``YYYY-MM-DD``, ``YYYY-MM-DD HH:MM:SS``, ISO 8601
with offset, and every prefix of these down to the hour, which is what an unescaped colon in a filter leaves over; an
account's own format is not read (unknown). Zoneless input is taken as account-local (inferred).

Filters compare moments where datetimes are written with offset. Elsewhere it is unknown whether they know of zones:
here they compare local texts, so an offset in a filter means nothing, and in the hour that a change of daylight saving
repeats 01:10 of the second pass comes before 01:50 of the first; the switch ``zone_aware_filters`` makes it moments.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_FORM = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s?(Z|[+-]\d\d:?\d\d)?)?$"
)

_FORMATS = {"offset": None, "zoneless": "%Y-%m-%d %H:%M:%S"}
_DAY_SECONDS = 86400


class Times:
    """Turns seconds since 1970 into an account's text and back."""

    def __init__(self, zone: ZoneInfo, style: str, *, zone_aware_filters: bool = False) -> None:
        self._zone = zone
        self._format = _FORMATS.get(style, style)
        self._by_text = self._format is not None and not zone_aware_filters

    def text(self, at: int) -> str:
        """The account's way to write the second ``at``."""
        local = datetime.fromtimestamp(at, self._zone)
        return local.isoformat() if self._format is None else local.strftime(self._format)

    def read(self, text: str) -> int | None:
        """The second a date or datetime text names, or None when it names none."""
        return _seconds(text, self._offset)

    def asked(self, text: str) -> int | None:
        """The number that the text of a filter stands for, to be compared with compared(); None when it is none."""
        # Local texts are in the order of their digits, and so are the seconds of a clock without zone.
        return _seconds(text, lambda _: UTC) if self._by_text else self.read(text)

    def compared(self, at: object) -> int | None:
        """The number by which filters and ``order`` know the stored second ``at``; None when it is no second."""
        if not isinstance(at, int):
            return None
        return at + self._east_of_utc(at) if self._by_text else at

    def _east_of_utc(self, at: int) -> int:
        offset = datetime.fromtimestamp(at, self._zone).utcoffset()
        return 0 if offset is None else int(offset.total_seconds())

    @property
    def slack_seconds(self) -> int:
        """How far compared() may lie from the stored second it is given."""
        return _DAY_SECONDS if self._by_text else 0

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


def _seconds(text: str, zone_of: Callable[[str | None], tzinfo]) -> int | None:
    found = _FORM.match(text.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        return int(datetime(year, month, day, hour, minute, second, tzinfo=zone_of(found[7])).timestamp())
    except ValueError:
        return None


def days_between(earlier: str, later: str) -> int:
    """How many calendar days lie between two ``YYYY-MM-DD`` dates."""
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def day_after(day: str, days: int) -> str:
    """The date ``days`` days after ``day``."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
