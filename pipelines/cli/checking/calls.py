"""What check --live says about Salesforce calls: how many were made in 24 hours, by whom, and how many may be."""

from dataclasses import dataclass

from pipelines.salesforce.usage import Usage
from pipelines.sync.allowance import BACKFILL, CHECK, LIVE, Allowance


@dataclass(frozen=True, slots=True)
class Calls:
    """The org's count of its apps' calls, and what co2sf may make of them and has made."""

    usage: Usage
    allowance: Allowance


def calls_data(calls: Calls) -> dict[str, int | str]:
    """The numbers by name; ``stopped`` is a sentence while live syncs may make no calls."""
    allowance = calls.allowance
    return {
        "allowed": allowance.told.allowed,
        "used_by_all_apps": calls.usage.used or 0,
        "reserve": allowance.reserve,
        "co2sf_may_make": allowance.share,
        "co2sf_made": allowance.total,
        "co2sf_left": allowance.left,
        **{f"{lane}_made": allowance.made.get(lane, 0) for lane in (LIVE, BACKFILL, CHECK)},
        "backfill_may_make": allowance.backfill_share,
        "stopped": allowance.why_not(LIVE),
    }


def calls_text(calls: Calls) -> str:
    """The same as sentences."""
    told, allowance = calls_data(calls), calls.allowance
    lanes = ", ".join(f"{allowance.made.get(lane, 0):,} {lane}" for lane in (LIVE, BACKFILL, CHECK))
    return (f"Salesforce calls of 24 hours: the org's apps have used {told['used_by_all_apps']:,} of "
            f"{told['allowed']:,}, {told['reserve']:,} stay for others. co2sf has made {allowance.total:,} of the "
            f"{allowance.share:,} that it may make ({lanes}; backfills may make {allowance.backfill_share:,} of them): "
            f"{allowance.left:,} are left.")  # fmt: skip
