"""The shortest history that still fails: steps are left out, many at once first, as long as it does."""

from collections.abc import Callable
from time import monotonic

from history import Verdict
from plan import Plan


def shrink(verdict: Verdict, play: Callable[[Plan], Verdict], seconds: float) -> Verdict:
    """A failed verdict made as short as it gets within so many seconds."""
    until = monotonic() + seconds
    size = max(1, len(verdict.plan.steps) // 2)
    while size and monotonic() < until:
        shorter = _without_some(verdict, play, size, until)
        if shorter is None:
            size //= 2
        else:
            verdict = shorter
            size = min(size, max(1, len(verdict.plan.steps) // 2))
    return verdict


def _without_some(verdict: Verdict, play: Callable[[Plan], Verdict], size: int, until: float) -> Verdict | None:
    """The history without some steps in a row, later ones first; None when it needs all of them."""
    numbers = [number for number, _ in verdict.plan.steps]
    for end in range(len(numbers), 0, -size):
        if monotonic() > until:
            return None
        tried = play(verdict.plan.keep(numbers[: max(0, end - size)] + numbers[end:]))
        if not tried.is_good:
            return tried
    return None
