"""The shortest history that still fails: steps are left out, many at once first, then all that makes it special."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic

from history import Verdict
from plan import Plan, Steps
from variants import plain

Play = Callable[[Plan], Verdict]


def shrink(verdict: Verdict, play: Play, seconds: float) -> Verdict:
    """A failed verdict made as short as it gets within so many seconds."""
    until = monotonic() + seconds
    size = max(1, len(verdict.plan.steps) // 2)
    while monotonic() < until:
        shorter = _first_that_fails(_shorter(verdict.plan, size), play, until)
        if shorter is not None:
            verdict = shorter
        elif size > 1:
            size //= 2
        elif (plainer := _first_that_fails(_plainer(verdict.plan), play, until)) is not None:
            verdict = plainer
        else:
            break
    return verdict


def _first_that_fails(plans: Iterator[Plan], play: Play, until: float) -> Verdict | None:
    for plan in plans:
        if monotonic() > until:
            return None
        verdict = play(plan)
        if verdict.differences:
            return verdict
    return None


def _shorter(plan: Plan, size: int) -> Iterator[Plan]:
    """Without some steps in a row, later ones first."""
    yield from (plan.keep(steps) for steps in _without_some(plan.steps, size))


def _plainer(plan: Plan) -> Iterator[Plan]:
    """Without lateness, interludes and odd ways to sync; an account as documented; a smaller company."""
    for each in sorted({"late", "interludes", "ways"} - plan.without):
        yield replace(plan, without=plan.without | {each})
    if plan.base.variant != plain:
        yield replace(plan, base=replace(plan.base, variant=plain))
    for founding in _without_some(plan.base.founding, 1):
        yield replace(plan, base=replace(plan.base, founding=founding))


def _without_some(steps: Steps, size: int) -> Iterator[Steps]:
    for end in range(len(steps), 0, -size):
        yield steps[: max(0, end - size)] + steps[end:]
