"""What a person should mend about an account, or about the pace that is set for it."""

from collections.abc import Iterator

from pipelines.chargeover.timekeeping import FITS
from pipelines.cli.checking.account import Account
from pipelines.cli.checking.burden import total
from pipelines.cli.duration import duration

Finding = tuple[str, str]
"""Severity (error or warning) and text."""


def troubles(account: Account) -> Iterator[Finding]:
    """Times that cannot be told are errors, since windows of changes are made of them; a pace too slow is a warning."""
    can, settings, takes = account.can, account.settings, total(account)
    if can.get("datetimes") == "unreadable":
        yield (
            "error",
            (
                f"CHARGEOVER_DATETIME_FORMAT: {settings.datetime_format!r} does not read datetimes such as "
                f"{account.unreadable!r}; set it to this account's format, as in %m/%d/%Y %H:%M:%S"
            ),
        )
    if can.get("zone", FITS) != FITS:
        yield "error", f"CHARGEOVER_ZONE: {can['zone']}; windows would be wrong, set it to this account's time zone"
    if (takes.watch_seconds or 0) > settings.look_every_seconds:
        yield "warning", _too_slow("look at all watched lists", takes.watch_calls or 0, takes.watch_seconds or 0,
                                   f"CHARGEOVER_WATCH_CALLS_PER_MINUTE {settings.watch_calls_per_minute}",
                                   f"CHARGEOVER_LOOK_EVERY_SECONDS {settings.look_every_seconds}")  # fmt: skip
    if takes.sweep_seconds > settings.sweep_every_hours * 3600:
        yield "warning", _too_slow("sweep of all objects", takes.sweep_calls, takes.sweep_seconds,
                                   f"CHARGEOVER_SWEEP_CALLS_PER_MINUTE {settings.sweep_calls_per_minute}",
                                   f"CHARGEOVER_SWEEP_EVERY_HOURS {settings.sweep_every_hours}")  # fmt: skip


def _too_slow(what: str, calls: int, seconds: float, pace: str, every: str) -> str:
    return f"{pace}: one {what} takes {calls:,} calls, {duration(seconds)}, and does not fit into {every}; raise one"
