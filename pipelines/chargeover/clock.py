"""ChargeOver's clock, told from the Date header of its answers, so that a wrong clock here loses no change."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_resolution = timedelta(seconds=1)


class ServerClock:
    """Local time corrected by the server's, and only as far as its answers leave no other reading."""

    def __init__(self) -> None:
        self._skew = timedelta(0)
        self.is_set = False

    def now(self) -> datetime:
        """The server's time as an aware UTC instant."""
        return datetime.now(UTC) + self._skew

    def heard(self, date_header: str | None, sent_at: datetime, received_at: datetime) -> None:
        """Learn from one answer: its Date header, and the local instants between which it was written."""
        self.is_set = True
        try:
            written_at = parsedate_to_datetime(date_header or "").astimezone(UTC)
        except (TypeError, ValueError):
            return  # an answer without a date says nothing: local time goes on
        # A slow answer widens the span; taken for skew it would put the next reading before an earlier one.
        least, most = written_at - received_at, written_at + _resolution - sent_at
        self._skew = min(max(self._skew, least), most)
