"""The order in which a made-up company lives: what happens when, until its present."""

import heapq
from collections.abc import Callable
from typing import Any

from sandbox.chargeover.clock import Clock
from sandbox.chargeover.company import Company

Happening = Callable[[Company, "Timeline", Any], None]
_DAY = 86400


class Timeline(Clock):
    """A clock that stands at the event being lived through, and the events still to come."""

    def __init__(self, end: int) -> None:
        super().__init__()
        self.at = 0
        self._end = end
        self._count = 0
        self._planned: list[tuple[int, int, Happening, Any]] = []

    def now(self) -> int:
        """The second of the event being lived through."""
        return self.at

    def plan(self, at: int, happening: Happening, subject: Any) -> None:  # noqa: ANN401 -- whatever it happens to
        """Let something happen at a second; what lies after the end is dropped."""
        if at < self._end:
            heapq.heappush(self._planned, (at, self._count, happening, subject))
            self._count += 1

    def later(self, days: float, happening: Happening, subject: Any) -> None:  # noqa: ANN401 -- as above
        """Let something happen some days from now."""
        self.plan(self.at + int(days * _DAY), happening, subject)

    def live(self, company: Company) -> None:
        """Let everything happen that is planned, in order, and all that follows from it."""
        while self._planned:
            self.at, _, happening, subject = heapq.heappop(self._planned)
            happening(company, self, subject)
