"""Forecast: when the calls that co2sf may make are used up, if it goes on as in the last hours. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pipelines.sync.allowance import BACKFILL, WINDOW, Allowance

LOOKS_BACK = timedelta(hours=3)
_step = timedelta(minutes=10)

Calls = Sequence[tuple[datetime, str, int]]
"""Calls by minute and lane, of the last 24 hours."""


def used_up_at(allowance: Allowance, calls: Calls) -> datetime | None:
    """The first moment within 24 hours at which the share is used up; calls older than 24 hours by then count no more.

    Backfills end by themselves, and at their own share at the latest: they are taken to go on until there."""
    if not allowance.share:
        return None
    steps = (allowance.at + _step * number for number in range(int(WINDOW / _step) + 1))
    return next((at for at in steps if _made_by(at, allowance, calls) >= allowance.share), None)


def _made_by(at: datetime, allowance: Allowance, calls: Calls) -> float:
    live = _of_lane([each for each in calls if each[1] != BACKFILL], at, allowance.at)
    backfill = _of_lane([each for each in calls if each[1] == BACKFILL], at, allowance.at)
    return live + min(backfill, max(allowance.backfill_share, allowance.made.get(BACKFILL, 0)))


def _of_lane(calls: Calls, at: datetime, now: datetime) -> float:
    """The calls of the 24 hours up to ``at``: those made by now that count then, and as many a minute as lately."""
    still = sum(number for minute, _, number in calls if minute > at - WINDOW)
    lately = sum(number for minute, _, number in calls if minute > now - LOOKS_BACK)
    return still + lately * ((at - now) / LOOKS_BACK)
