"""How many Salesforce calls co2sf has made in 24 hours, how many it may make, and what stops or slows the next one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.ledger.ledger import Ledger
from pipelines.settings import SalesforceSettings

LIVE, BACKFILL, CHECK = "live", "backfill", "check"
"""The lanes: a check is a person's and only counted."""

WINDOW = timedelta(hours=24)
SLOW_FROM = 0.8
LONGEST_GAP_SECONDS = 5.0
"""A writer holds its customers while it waits: others must not wait long for them."""

_MINUTE = timedelta(minutes=1)  # what calls are counted by


@dataclass(frozen=True, slots=True)
class Told:
    """What Salesforce last said: calls allowed (0: not told yet), and those used by all apps when it was too many."""

    allowed: int = 0
    used: int = 0
    paused_until: datetime | None = None
    pause_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """The calls of the last 24 hours by lane, the first minute with some, and the limits that they are held to."""

    settings: SalesforceSettings
    told: Told
    made: Mapping[str, int]
    oldest_at: datetime | None
    at: datetime

    @property
    def total(self) -> int:
        """The calls of all lanes."""
        return sum(self.made.values())

    @property
    def share(self) -> int:
        """How many calls co2sf may make."""
        return self.told.allowed * self.settings.calls_share_percent // 100

    @property
    def backfill_share(self) -> int:
        """How many of them backfills may make."""
        return self.share * self.settings.backfill_share_percent // 100

    @property
    def reserve(self) -> int:
        """How many of the org's calls stay for others."""
        return self.told.allowed * self.settings.calls_reserve_percent // 100

    @property
    def left(self) -> int:
        """How many calls co2sf has left."""
        return max(0, self.share - self.total)

    def left_for(self, lane: str) -> int | None:
        """How many calls a lane has left; None when it is not known yet what the org allows."""
        if not self.told.allowed:
            return None
        of_lane = self.backfill_share - self.made.get(BACKFILL, 0) if lane == BACKFILL else self.left
        return max(0, min(self.left, of_lane))

    @property
    def free_at(self) -> datetime:
        """When the oldest calls no longer count."""
        return (self.oldest_at or self.at) + WINDOW + _MINUTE

    def why_not(self, lane: str, calls: int = 1) -> str:
        """Why the lane may not make so many calls now, as a sentence; empty when it may."""
        if lane == CHECK or not (self.told.allowed or self.told.paused_until):
            return ""
        if self.is_paused:
            return self._all_used()
        if self.total + calls > self.share:
            return self._share_used()
        if lane == BACKFILL and self.made.get(BACKFILL, 0) + calls > self.backfill_share:
            return self._backfill_share_used()
        return ""

    def why_no_run(self) -> str:
        """Why no live run should start: with less than a hundredth of the share it would stop at once."""
        return self.why_not(LIVE, max(1, self.share // 100))

    def leaves_too_little(self, used: int, allowed: int) -> bool:
        """Whether the org's apps have used so much that the reserve for others is touched."""
        return used >= allowed - allowed * self.settings.calls_reserve_percent // 100

    @property
    def is_paused(self) -> bool:
        """Whether the org has too few calls left, as far as the last answer told and the settings of today ask."""
        until = self.told.paused_until
        return until is not None and self.at < until and self.leaves_too_little(self.told.used, self.told.allowed)

    def gap_seconds(self, lane: str) -> float:
        """The seconds from one call to the next: from four fifths on, what is left is spread over the time until the
        oldest calls no longer count."""
        if lane == CHECK or not self.told.allowed:
            return 0
        gap = self._gap(self.total, self.share)
        return max(gap, self._gap(self.made.get(BACKFILL, 0), self.backfill_share)) if lane == BACKFILL else gap

    def _gap(self, made: int, most: int) -> float:
        if made < most * SLOW_FROM:
            return 0
        return min((self.free_at - self.at).total_seconds() / max(1, most - made), LONGEST_GAP_SECONDS)

    def _all_used(self) -> str:
        used = f"{self.told.used:,} of its {self.told.allowed:,}" if self.told.allowed else "all its"
        return (f"Salesforce: the org's apps have used {used} calls of 24 hours, co2sf {self.total:,} of them, and "
                f"{self.settings.calls_reserve_percent} % stay for others; it goes on by itself, next at "
                f"{_clock(self.told.paused_until or self.at)}; to use more, lower "
                "SALESFORCE_CALLS_RESERVE_PERCENT")  # fmt: skip

    def _share_used(self) -> str:
        return (f"Salesforce: co2sf has made {self.total:,} of the {self.share:,} calls that it may make in 24 hours "
                f"({self.settings.calls_share_percent} % of the org's {self.told.allowed:,}); it goes on by itself, "
                f"from {_clock(self.free_at)} on; to use more, raise SALESFORCE_CALLS_SHARE_PERCENT")  # fmt: skip

    def _backfill_share_used(self) -> str:
        return (f"Salesforce: backfills have made {self.made[BACKFILL]:,} of the {self.backfill_share:,} calls that "
                f"they may make in 24 hours ({self.settings.backfill_share_percent} % of co2sf's {self.share:,}); run "
                f"it again from {_clock(self.free_at)} on, or raise SALESFORCE_BACKFILL_SHARE_PERCENT")  # fmt: skip


def _clock(at: datetime) -> str:
    return f"{at:%H:%M} UTC"


def account_of(settings: SalesforceSettings) -> str:
    """The name under which the ledger counts the org's calls."""
    return str(settings.url)


def read_allowance(ledger: Ledger, settings: SalesforceSettings, now: datetime) -> Allowance:
    """The allowance as it stands for all processes together."""
    account = account_of(settings)
    known = ledger.capabilities(account)
    allowed, used, minutes = (int(known.get(name, 0)) for name in ("calls_allowed", "calls_used", "pause_minutes"))
    return Allowance(
        settings,
        Told(allowed, used, ledger.paused_until(account), minutes),
        ledger.spent(account, now - WINDOW),
        ledger.oldest_call(account, now - WINDOW),
        now,
    )
