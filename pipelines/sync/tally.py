"""The tally: how many records of one mapping were read, and what became of each; the sum must be right."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.errors import Co2sfError
from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.sync.lag import Lag, Signs

_samples = 10


@dataclass(slots=True)
class Tally:
    """Counts of one mapping in one run, the first few problems, and how long changes took to Salesforce."""

    sobject: str
    read: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    problems: list[Outcome] = field(default_factory=list)
    lag: Lag = field(default_factory=Lag)

    def count(self, outcomes: list[Outcome]) -> None:
        """Add the verdicts of some records."""
        for outcome in outcomes:
            self.verdicts[outcome.verdict] += 1
            if outcome.message and outcome.verdict is not Verdict.UNCHANGED and len(self.problems) < _samples:
                self.problems.append(outcome)

    def add(self, other: "Tally") -> None:
        """Add what another writer has counted of the same mapping."""
        self.read += other.read
        self.verdicts.update(other.verdicts)
        self.problems = [*self.problems, *other.problems][:_samples]
        self.lag.merge(other.lag)

    def landed(self, signs: Signs, landed_at: datetime) -> None:
        """Note how long one change took from ChargeOver to Salesforce."""
        self.lag.landed(signs, landed_at)

    @property
    def adds_up(self) -> bool:
        """Whether every record read has exactly one verdict."""
        return self.read == sum(self.verdicts.values())

    def check(self) -> None:
        """Raise Co2sfError when a record has no verdict or two: then the run must not count as done."""
        if not self.adds_up:
            counts = " + ".join(f"{self.verdicts[verdict]} {verdict}" for verdict in Verdict)
            raise Co2sfError(f"{self.sobject}: the counts do not add up: read {self.read} != {counts}; "
                             "the watermark stays, the next run reads the same records again")  # fmt: skip

    def as_numbers(self) -> dict[str, int]:
        """The counts as stable names: ``read`` and each verdict."""
        return {"read": self.read} | {str(verdict): self.verdicts[verdict] for verdict in Verdict}
