"""The time of a history: it passes only when the history says so, in ChargeOver and here alike, so that a seed repeats
to the second."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, tzinfo
from unittest.mock import patch

import sandbox.chargeover.clock
from pipelines.chargeover import client, clock, line, session
from pipelines.sync import budget, source, walking


class VirtualTime:
    """Seconds since 1970, moved by hand."""

    def __init__(self, start: datetime) -> None:
        self.seconds = start.timestamp()

    def now(self) -> datetime:
        """The present as an aware UTC instant."""
        return datetime.fromtimestamp(self.seconds, UTC)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


class SandboxClock(sandbox.chargeover.clock.Clock):
    """ChargeOver's clock: virtual time, ahead of this machine's by some seconds."""

    def __init__(self, time: VirtualTime, ahead_seconds: float = 0) -> None:
        self.time = time
        super().__init__()
        self.advance(ahead_seconds)

    def _real(self) -> float:
        return self.time.seconds


@contextmanager
def machine_time(time: VirtualTime) -> Iterator[None]:
    """This machine's clock, as the pipeline reads it, is the history's; a wait is over at once."""

    class MachineClock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(time.seconds, tz)

    with ExitStack() as stack:
        for module in (clock, line, budget, source, walking):
            stack.enter_context(patch.object(module, "datetime", MachineClock))
        for module in (client, session, budget):
            stack.enter_context(patch.object(module, "sleep", time.advance))
        yield
