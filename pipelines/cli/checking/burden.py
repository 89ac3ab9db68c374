"""How much there is to go through in an account, and how long that takes at the pace that is set."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.cli.checking.account import Account
from pipelines.cli.duration import duration


@dataclass(frozen=True, slots=True)
class Burden:
    """Records, and what one look at a watched list (None: there is none) and one sweep take, in calls and seconds."""

    name: str
    records: int
    watch_calls: int | None
    watch_seconds: float | None
    sweep_calls: int
    sweep_seconds: float


def burdens(account: Account) -> Iterator[Burden]:
    """What each object takes."""
    for name, cost in account.costs.items():
        yield _burden(account, name, cost.records, cost.watch, cost.sweep)


def total(account: Account) -> Burden:
    """What all objects take, which share the calls of a minute."""
    each = list(burdens(account))
    watch = sum(one.watch_calls or 0 for one in each)
    return _burden(account, "all", sum(one.records for one in each), watch, sum(one.sweep_calls for one in each))


def oldest(account: Account) -> str:
    """How old a change can get that only a watch or only a sweep shows."""
    settings, all_of_it = account.settings, total(account)
    watch = settings.look_every_seconds + (all_of_it.watch_seconds or 0)
    sweep = settings.sweep_every_hours * 3600 + all_of_it.sweep_seconds
    return (
        f"At worst, what only a watch shows is seen after {duration(watch)}, what only a sweep after {duration(sweep)}."
    )


def _burden(account: Account, name: str, records: int, watch: int | None, sweep: int) -> Burden:
    watch_seconds = None if watch is None else watch * 60 / account.settings.watch_calls_per_minute
    return Burden(name, records, watch, watch_seconds, sweep, sweep * 60 / account.settings.sweep_calls_per_minute)
