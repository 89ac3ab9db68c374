"""The org's clock: the time it is given, shifted when the admin path says so."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sandbox.salesforce.pace import GLANCE_SECONDS


def wall_clock() -> datetime:
    """The machine's time, aware UTC."""
    return datetime.now(UTC)


class Clock:
    """What time it is in the org."""

    def __init__(self, source: Callable[[], datetime]) -> None:
        self.source = source
        self.shift = timedelta()

    def now(self) -> datetime:
        """The org's time, aware UTC."""
        return self.source() + self.shift

    def set(self, instant: datetime) -> None:
        """Lets the org's time be `instant` now and run on from there."""
        self.shift = instant - self.source()

    def advance(self, seconds: float) -> None:
        """Moves the org's time on."""
        self.shift += timedelta(seconds=seconds)

    def stamp(self) -> str:
        """Now as Salesforce prints a datetime: 2026-01-01T10:00:00.000+0000, whole seconds (verified form)."""
        return print_stamp(self.now())

    async def last(self, seconds: Callable[[], float], begun: datetime | None = None) -> None:
        """Returns when so many seconds have gone by on this clock, which may be moved meanwhile; since now, or since
        what lasts has begun."""
        begun = begun or self.now()
        while (left := seconds() - (self.now() - begun).total_seconds()) > 0:  # noqa: ASYNC110 -- both may change
            await asyncio.sleep(min(left, GLANCE_SECONDS))


def print_stamp(instant: datetime) -> str:
    """An instant as Salesforce prints it."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
