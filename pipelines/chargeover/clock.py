"""ChargeOver's clock, told from the Date header of its answers, so that a wrong clock here loses no change."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_resolution = timedelta(seconds=2)


class ServerClock:
    """Local time corrected by the server's; a difference within the header's resolution counts as none."""

    def __init__(self) -> None:
        self._skew = timedelta(0)
        self.is_set = False

    def now(self) -> datetime:
        """The server's time as an aware UTC instant."""
        return datetime.now(UTC) + self._skew

    def heard(self, date_header: str | None, received_at: datetime) -> None:
        """Learn from one answer: its Date header and the local instant at which it came."""
        if not date_header:
            return
        try:
            skew = parsedate_to_datetime(date_header) - received_at
        except (TypeError, ValueError):
            return
        self.is_set = True
        if abs(skew - self._skew) > _resolution:
            self._skew = skew if abs(skew) > _resolution else timedelta(0)
