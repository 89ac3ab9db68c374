"""The REST calls under way, and how many of them are long ones."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.salesforce.pace import Pace


class Running:
    """Since when each call runs, by real time."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._since: dict[object, float] = {}

    @contextmanager
    def one(self) -> Iterator[None]:
        """A call that is under way inside."""
        call = object()
        self._since[call] = time.monotonic()
        try:
            yield
        finally:
            del self._since[call]

    def __len__(self) -> int:
        """How many calls are under way."""
        return len(self._since)

    @property
    def crowded(self) -> bool:
        """Whether as many long calls (20 s and more) are under way as may be (verified: 25).

        Published: further calls are then denied; whether that holds for short ones too is unclear, here it does.
        """
        times = self._pace.times
        if len(self._since) < times.long_requests:
            return False
        begun = time.monotonic() - times.long_request_seconds
        return sum(since <= begun for since in self._since.values()) >= times.long_requests
