"""What the comparison of one mapping has found: its groups, the rows that differ, and what it cost."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.sync.comparing import Calls
from pipelines.sync.money.group import Group
from pipelines.sync.money.judge import UNEXPLAINED, Difference, Why
from pipelines.sync.money.measure import Measure


@dataclass(frozen=True, slots=True)
class Line:
    """One field of one group: both sums, and what of their difference nothing explains."""

    group: Group
    field: str
    chargeover: Decimal
    salesforce: Decimal
    unexplained: Decimal

    @property
    def difference(self) -> Decimal:
        """What Salesforce has more than ChargeOver."""
        return self.salesforce - self.chargeover

    @property
    def explained(self) -> Decimal:
        """What of it has a good reason."""
        return self.difference - self.unexplained


@dataclass(frozen=True, slots=True)
class Part:
    """One group: rows on both sides, a line for each field, and the rows that differ."""

    group: Group
    records: int
    rows: int
    lines: tuple[Line, ...]
    differences: tuple[Difference, ...] = ()

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """The rows whose difference has no good reason."""
        return tuple(each for each in self.differences if each.why in UNEXPLAINED)

    @property
    def explained(self) -> dict[Why, int]:
        """How many rows differ for each good reason."""
        reasons = [each.why for each in self.differences if each.why not in UNEXPLAINED]
        return {why: reasons.count(why) for why in Why if why in reasons}


@dataclass(frozen=True, slots=True)
class Compared:
    """One mapping; with a ``trouble`` it could not be compared, and nothing is known about its money."""

    measure: Measure
    parts: tuple[Part, ...] = ()
    trouble: str = ""
    calls: Calls = field(default_factory=Calls)

    @property
    def agrees(self) -> bool:
        """Whether every difference has a good reason."""
        return not self.trouble and not any(part.unexplained for part in self.parts)

    @property
    def differences(self) -> list[Difference]:
        """The rows that differ, each once."""
        return list({each.external_id: each for part in self.parts for each in part.differences}.values())

    @property
    def unexplained(self) -> list[Difference]:
        """Those of them without a good reason."""
        return [each for each in self.differences if each.why in UNEXPLAINED]

    def lines(self) -> Iterator[Line]:
        """All lines, the newest month first."""
        for part in self.parts:
            yield from part.lines
