"""Lag: how long changes take to Salesforce, from their moment in ChargeOver and from the moment they were noticed."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import median

_most = 10_000


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a change, by this machine's clock: when it was made, when its first sign came, and which signal
    led to the record."""

    changed_at: datetime | None = None
    noticed_at: datetime | None = None
    signal: str = ""

    def since(self, seen_at: datetime) -> "Signs":
        """Without the moment of a change that had been seen by then: what is new since has no moment of its own."""
        is_old = self.changed_at is not None and self.changed_at <= seen_at
        return replace(self, changed_at=None) if is_old else self


UNKNOWN = Signs()


@dataclass(slots=True)
class Waits:
    """Some waits in seconds: the longest exactly, the median of at most some thousand of them."""

    longest: float | None = None
    kept: list[float] = field(default_factory=list)

    def add(self, wait: timedelta) -> None:
        """Note one wait; clocks that differ a little make none negative."""
        seconds = max(0.0, wait.total_seconds())
        self.merge(Waits(seconds, [seconds]))

    def merge(self, other: "Waits") -> None:
        """Add what another has noted."""
        found = [each for each in (self.longest, other.longest) if each is not None]
        self.longest = max(found, default=None)
        self.kept += other.kept
        if len(self.kept) > _most:
            self.kept = sorted(self.kept)[::2]  # every second one: the median stays where it is

    @property
    def median(self) -> float | None:
        """The median, None without any."""
        return median(self.kept) if self.kept else None


@dataclass(slots=True)
class Lag:
    """The waits of the changes that landed: since they were made, as far as that is known, and since noticed."""

    changed: Waits = field(default_factory=Waits)
    noticed: Waits = field(default_factory=Waits)

    def landed(self, signs: Signs, landed_at: datetime) -> None:
        """Note one row that landed."""
        if signs.changed_at is not None:
            self.changed.add(landed_at - signs.changed_at)
        if signs.noticed_at is not None:
            self.noticed.add(landed_at - signs.noticed_at)

    def merge(self, other: "Lag") -> None:
        """Add what another has noted."""
        self.changed.merge(other.changed)
        self.noticed.merge(other.noticed)

    def as_numbers(self) -> dict[str, float]:
        """Median and longest as stable names; those that are not known are left out."""
        return dict(self._numbers())

    def _numbers(self) -> Iterator[tuple[str, float]]:
        for name, waits in (("lag seconds", self.changed), ("seconds since noticed", self.noticed)):
            if waits.median is not None and waits.longest is not None:
                yield name, round(waits.median, 3)
                yield f"{name}, longest", round(waits.longest, 3)
