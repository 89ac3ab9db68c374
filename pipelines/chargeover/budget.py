"""Who may call ChargeOver when: every call is taken from a budget, on behalf of the signal that needs it."""

from time import monotonic, sleep
from typing import Protocol

from pipelines.errors import TryLater

longest_pause_seconds = 60.0
"""A longer one ends what is under way, so that a run says so instead of sleeping."""


class Budget(Protocol):
    """What calls are taken from; safe to share between threads."""

    def take(self, signal: str) -> None:
        """Return when a call may be made for this signal; raises TryLater when paused for longer than a minute."""

    def pause(self, seconds: float) -> None:
        """Let nobody call for so long: ChargeOver asked for it."""


class Unlimited:
    """As many calls as anybody likes, but for the pauses that ChargeOver asks this process for."""

    def __init__(self) -> None:
        self._until = 0.0

    def take(self, signal: str) -> None:
        """Wait until a pause is over; raises TryLater when it lasts longer than a minute."""
        while (seconds := self._until - monotonic()) > 0:
            if seconds > longest_pause_seconds:
                raise paused(signal, seconds)
            sleep(seconds)

    def pause(self, seconds: float) -> None:
        """Let nobody call for so long; of two pauses the later end counts."""
        self._until = max(self._until, monotonic() + seconds)


def paused(signal: str, seconds: float) -> TryLater:
    """The error that says how long ChargeOver still wants to be left alone."""
    return TryLater(f"ChargeOver asked to be left alone for another {seconds:.0f} s (Retry-After): nothing was asked "
                    f"for {signal!r}; try again after that")  # fmt: skip
