"""One budget of Salesforce calls per 24 hours for all processes together, kept in the ledger."""

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from pipelines.errors import TryLater
from pipelines.ledger.ledger import Ledger
from pipelines.settings import SalesforceSettings
from pipelines.sync.allowance import Allowance, account_of, read_allowance
from pipelines.sync.budget import Clock, LocalClock

_fresh_for = timedelta(seconds=1)  # then the ledger is asked again what other processes did
_first_pause_minutes, _longest_pause_minutes = 5, 60


class DailyBudget:
    """The calls of one lane; safe to share between threads, beside other processes.

    Every call is counted in the ledger before it is made. What other processes made is known a second later at worst,
    so that the share may be overrun by as many calls as they all make in a second. A pause doubles while the org stays
    used up, from five minutes to an hour; each ends with one call that finds out."""

    def __init__(self, ledger: Ledger, settings: SalesforceSettings, lane: str, clock: Clock | None = None) -> None:
        self._ledger, self._settings, self.lane = ledger, settings, lane
        self._account = account_of(settings)
        self._clock = clock or LocalClock()
        self._lock = Lock()
        self._known = read_allowance(ledger, settings, self._clock.now())
        self._next_at = self._known.at

    @property
    def allowance(self) -> Allowance:
        """How it stands, as of a second ago at worst."""
        with self._lock:
            return self._known_at(self._clock.now())

    def take(self, *, begins: bool) -> None:
        """Wait while calls are to be slow, and count one; raises TryLater when one that ``begins`` may not be made."""
        while (seconds := self._taken(begins=begins)) > 0:
            self._clock.sleep(seconds)

    def told(self, used: int, allowed: int) -> None:
        """Remember what the org allows; pause when its apps have used all but the reserve."""
        with self._lock:
            if allowed not in {0, self._known.told.allowed}:
                self._learn(calls_allowed=allowed)
            if self._known.leaves_too_little(used, allowed):
                self._pause(used)
            elif self._known.told.pause_minutes:  # with what is used now, the pause ends for all
                self._learn(calls_used=used, pause_minutes=0)

    def refused(self) -> None:
        """Pause: Salesforce itself says that no call is left."""
        with self._lock:
            self._pause(self._known.told.allowed)

    def _taken(self, *, begins: bool) -> float:
        """Count a call and return 0, or the seconds after which to try again; what goes on waits for nothing."""
        with self._lock:
            now = self._clock.now()
            known = self._known_at(now)
            if begins and (reason := known.why_not(self.lane)):
                raise TryLater(reason)
            if begins and now < self._next_at:
                return (self._next_at - now).total_seconds()
            self._next_at = now + timedelta(seconds=known.gap_seconds(self.lane))
            self._ledger.spend(self._account, self.lane, 1, now)
            made = {**known.made, self.lane: known.made.get(self.lane, 0) + 1}
            self._known = replace(known, made=made, oldest_at=known.oldest_at or now)
            return 0

    def _known_at(self, now: datetime) -> Allowance:
        if not timedelta(0) <= now - self._known.at < _fresh_for:
            self._known = read_allowance(self._ledger, self._settings, now)
        return self._known

    def _pause(self, used: int) -> None:
        """Let nobody call for a while, twice as long as the last time."""
        now = self._clock.now()
        self._known = read_allowance(self._ledger, self._settings, now)
        if self._known.is_paused:  # several threads and processes are told the same
            return
        minutes = min(max(_first_pause_minutes, 2 * self._known.told.pause_minutes), _longest_pause_minutes)
        self._learn(calls_used=used, pause_minutes=minutes)
        self._ledger.pause(self._account, now + timedelta(minutes=minutes))
        self._known = read_allowance(self._ledger, self._settings, now)

    def _learn(self, **numbers: int) -> None:
        now = self._clock.now()
        self._ledger.learn(self._account, {name: str(number) for name, number in numbers.items()}, now)
        self._known = read_allowance(self._ledger, self._settings, now)
