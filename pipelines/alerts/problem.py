"""Problems as they are seen: what is wrong, why, and what to do, without a customer's value."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something is wrong; ``key`` is the same as long as it is the same thing."""

    key: str
    title: str
    reason: str
    to_do: str
    severity: str = ERROR
    link: str = ""
    run_id: str = ""
    times: int = 0
    """How often it has just happened; 0 for what is a state."""


@dataclass(slots=True)
class Seen:
    """What one look has shown, in the order of time: problems by key, and keys of which it is known that they are
    over; of all others nothing was seen."""

    problems: dict[str, Problem] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)

    def wrong(self, problem: Problem) -> None:
        """Add a problem; one that happens again counts on."""
        before = self.problems.get(problem.key)
        times = problem.times + (before.times if before else 0)
        self.problems[problem.key] = replace(problem, times=times)
        self.over.discard(problem.key)

    def right(self, *keys: str) -> None:
        """These are not, or no longer, problems."""
        for key in keys:
            self.problems.pop(key, None)
            self.over.add(key)

    def state(self, keys: Collection[str], problems: Iterable[Problem]) -> None:
        """Of these keys all is known: what is no problem is none."""
        self.right(*keys)
        for each in problems:
            self.wrong(each)
