"""Daily allowances (of API calls, and of batches and rows of jobs), counted for real over the last 24 hours."""

from collections import deque
from datetime import datetime, timedelta

from sandbox.salesforce.clock import Clock
from sandbox.salesforce.jsonvalue import Json

WINDOW = timedelta(hours=24)
MINUTE = timedelta(minutes=1)


class Allowance:
    """What was used in the last 24 hours (by minute) against what is allowed."""

    def __init__(self, clock: Clock, allowed: int) -> None:
        self.allowed = allowed
        self._clock = clock
        self._minutes: deque[tuple[datetime, int]] = deque()
        self._used = 0

    @property
    def used(self) -> int:
        """Calls in the last 24 hours."""
        horizon = self._clock.now() - WINDOW
        while self._minutes and self._minutes[0][0] <= horizon:
            self._used -= self._minutes.popleft()[1]
        return self._used

    @property
    def spent(self) -> bool:
        """Whether no call is left; paid orgs may exceed softly, which is not guaranteed: the hard stop is stricter."""
        return self.used >= self.allowed

    @property
    def left(self) -> int:
        """How many are left."""
        return max(0, self.allowed - self.used)

    def count(self, number: int = 1) -> None:
        """Counts one call; a composite is one, whatever is in it (verified)."""
        now = self._clock.now()
        if self._minutes and now - self._minutes[-1][0] < MINUTE:
            since, calls = self._minutes[-1]
            self._minutes[-1] = (since, calls + number)
        else:
            self._minutes.append((now, number))
        self._used += number

    def header(self) -> str:
        """The value of Sforce-Limit-Info: api-usage=18/5000 (verified form)."""
        return f"api-usage={self.used}/{self.allowed}"

    def dump(self) -> list[list[Json]]:
        """The counts by minute."""
        return [[since.isoformat(), calls] for since, calls in self._minutes]

    def load(self, kept: list[list[Json]]) -> None:
        """Takes the counts of `dump` over."""
        self._minutes = deque((datetime.fromisoformat(since), calls) for since, calls in kept)
        self._used = sum(calls for _, calls in self._minutes)

    def figures(self) -> dict[str, int]:
        """{Max, Remaining} (verified shape)."""
        return {"Max": self.allowed, "Remaining": self.left}
