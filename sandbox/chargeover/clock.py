"""The sandbox's own time, which can be set, moved and stopped."""

import time
from datetime import UTC, datetime
from email.utils import formatdate


class Clock:
    """Seconds since 1970 as this sandbox sees them; runs with the real clock unless frozen."""

    def __init__(self, now: datetime | None = None, *, frozen: bool = False) -> None:
        self._frozen_at = time.time() if frozen else None
        self._offset = 0.0
        if now is not None:
            self.set(now)

    def _real(self) -> float:
        return time.time() if self._frozen_at is None else self._frozen_at

    def now(self) -> int:
        """The present second."""
        return int(self._real() + self._offset)

    def moment(self) -> datetime:
        """The present second as an aware UTC datetime."""
        return datetime.fromtimestamp(self.now(), UTC)

    def set(self, now: datetime) -> None:
        """Make ``now`` (aware) the present."""
        self._offset = now.timestamp() - self._real()

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once."""
        self._offset += seconds

    def http_date(self) -> str:
        """The present as an HTTP Date header."""
        return formatdate(self.now(), usegmt=True)
