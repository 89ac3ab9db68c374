"""How many requests write at once: fewer when they get into each other's way, one more again when it stays calm."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, local

CALM = 10
"""So many calm requests in a row let one more in: a crowd of 8 that fell to 1 is back after 70, and one that is as
large as the org bears tries a larger one with every tenth request only."""


class Throttle:
    """A gate for requests that write, of all threads of an org.

    Trouble halves how many are let in, since pressure must fall faster than repeats build it up; calm adds one at a
    time (additive increase, multiplicative decrease, as in TCP). A request that was let in before the last halving
    says nothing about the smaller crowd: eight that meet one lock halve once, not eight times."""

    def __init__(self, most: int) -> None:
        self._gate = Condition()
        self._inside = 0
        self._calm = 0
        self._halvings = 0
        self._mine = local()
        self.most = self.now = self.lowest = most

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait to be let in; the place is free again at the end, also for whoever waits to try again outside."""
        with self._gate:
            self._gate.wait_for(lambda: self._inside < self.now)
            self._inside += 1
            self._mine.halvings = self._halvings
        try:
            yield
        finally:
            with self._gate:
                self._inside -= 1
                self._gate.notify_all()

    def trouble(self) -> None:
        """The last request of this thread met a lock, or an org that is too busy."""
        with self._gate:
            self._calm = 0
            if self._is_current():
                self._halvings += 1
                self.now = max(1, self.now // 2)
                self.lowest = min(self.lowest, self.now)

    def calm(self) -> None:
        """The last request of this thread met nobody."""
        with self._gate:
            if self._is_current():
                self._calm += 1
            if self._calm >= CALM and self.now < self.most:
                self._calm = 0
                self.now += 1
                self._gate.notify_all()

    def _is_current(self) -> bool:
        return getattr(self._mine, "halvings", None) == self._halvings
