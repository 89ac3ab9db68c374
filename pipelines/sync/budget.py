"""One budget of ChargeOver calls per minute for all processes together, kept in the ledger."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from threading import Lock
from time import sleep
from typing import Protocol

from pipelines.chargeover.budget import longest_pause_seconds, paused
from pipelines.ledger.ledger import Ledger

_long_ago = datetime.min.replace(tzinfo=UTC)
_shares = {
    "watch": 0.8,
    "everything": 0.8,
    "sweep": 0.5,
    "backfill": 0.5,
    "money": 0.5,
    "plan": 0.5,
}  # of a minute's calls; what can wait leaves the rest to what is urgent


class Clock(Protocol):
    """Whose minutes are counted, and how to wait for the next one."""

    def now(self) -> datetime:
        """The time as an aware UTC instant."""

    def sleep(self, seconds: float) -> None:
        """Return when so much time has passed."""


class LocalClock:
    """This machine's time."""

    def now(self) -> datetime:
        """The time as an aware UTC instant."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Return when so much time has passed."""
        sleep(seconds)


@dataclass(slots=True)
class _Block:
    """Calls that a signal has taken in advance, for one minute only."""

    minute: datetime
    taken: int = 0
    left: int = 0


class SharedBudget:
    """At most so many calls a minute, whoever makes them; safe to share between threads, beside other processes.

    Calls are taken in blocks: one first, then as many again as the signal had this minute, at most what a second
    allows. The ledger counts a block before its first call, so that no minute of the clock has more calls than allowed;
    around its turn two minutes' calls may follow one another. What is left of a block when its minute ends is lost, and
    a pause that another process was told of is noticed with the next block: a second's worth of calls too late at
    worst."""

    def __init__(self, ledger: Ledger, account: str, calls_per_minute: int, clock: Clock | None = None) -> None:
        self._ledger, self._account, self._limit = ledger, account, calls_per_minute
        self._clock = clock or LocalClock()
        self._lock = Lock()
        self._blocks: dict[str, _Block] = {}
        self._minute, self._used = _long_ago, 0
        self._paused_until = _long_ago

    def take(self, signal: str) -> None:
        """Wait until the signal may make a call; raises TryLater when paused for longer than a minute."""
        while (seconds := self._taken(signal)) > 0:
            self._clock.sleep(seconds)

    def pause(self, seconds: float) -> None:
        """Let nobody call for so long, in any process; of two pauses the later end counts."""
        until = self._clock.now() + timedelta(seconds=seconds)
        with self._lock:
            self._paused_until = max(self._paused_until, until)
        self._ledger.pause(self._account, until)

    def _taken(self, signal: str) -> float:
        """Take a call and return 0, or the seconds after which to try again."""
        with self._lock:
            now = self._clock.now()
            block = self._block(signal, now)
            if not block.left:
                self._paused_until = max(self._paused_until, self._ledger.paused_until(self._account) or now)
            seconds = (self._paused_until - now).total_seconds()
            if seconds > longest_pause_seconds:
                raise paused(signal, seconds)
            if seconds > 0:
                return seconds
            if not block.left:
                self._fill(block, signal, now)
            if not block.left:
                return (block.minute + timedelta(minutes=1) - now).total_seconds()
            block.left -= 1
            return 0

    def _block(self, signal: str, now: datetime) -> _Block:
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute, self._used = minute, 0
            self._blocks.clear()
        return self._blocks.setdefault(signal, _Block(minute))

    def _fill(self, block: _Block, signal: str, now: datetime) -> None:
        """Take the next block; what is beyond the signal's share goes back, since others were quicker."""
        share = ceil(self._limit * _shares.get(signal, 1))
        size = min(max(1, block.taken), max(1, self._limit // 60), share - self._used)
        if size > 0:
            self._used = self._ledger.spend(self._account, signal, size, now)
            too_many = min(size, max(0, self._used - share))
            if too_many:
                self._used = self._ledger.spend(self._account, signal, -too_many, now)
            block.left = size - too_many
            block.taken += block.left
