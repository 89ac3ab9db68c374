"""ChargeOver's clock, told from the Date header of its answers, so that a wrong clock here loses no change."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_resolution = timedelta(seconds=1)
_small = timedelta(seconds=2)
_precise = timedelta(milliseconds=250)
_anything = timedelta(days=999_999)


class ServerClock:
    """Local time corrected by the server's, once the two are more than two seconds apart."""

    def __init__(self) -> None:
        self._span = -_anything, _anything  # in one piece, since other threads read it meanwhile
        self.is_set = False

    def now(self) -> datetime:
        """The server's time as an aware UTC instant."""
        return datetime.now(UTC) + self.skew

    @property
    def is_vague(self) -> bool:
        """Whether another answer should be heard: two runs must not read a real skew so differently that the later
        one seems to have read first, and a small one must count as none in all of them."""
        least, most = self._span
        is_small = -_small < least and most < _small
        return self.is_set and not is_small and most - least > _precise

    @property
    def least_skew(self) -> timedelta:
        """How far the server's clock is from ours at least, ahead or behind."""
        least, most = self._span
        return max(least, -most, timedelta(0))

    @property
    def skew(self) -> timedelta:
        """How far the server's clock is ahead of ours, 0 when it is not certain."""
        least, most = self._span
        if least <= _small and most >= -_small:
            return timedelta(0)
        return least if least > timedelta(0) else most

    def heard(self, date_header: str | None, sent_at: datetime, received_at: datetime) -> None:
        """Learn from one answer: its Date header, and the local instants between which it was written."""
        try:
            written_at = parsedate_to_datetime(date_header or "").astimezone(UTC)
        except (TypeError, ValueError):
            if not self.is_set:
                self._span = timedelta(0), timedelta(0)  # an answer without a date says nothing: local time goes on
                self.is_set = True
            return
        self.is_set = True
        # A slow answer widens the span; taken for skew it would put the next reading before an earlier one.
        least, most = written_at - received_at, written_at + _resolution - sent_at
        narrowed = max(self._span[0], least), min(self._span[1], most)
        self._span = narrowed if narrowed[0] <= narrowed[1] else (least, most)
