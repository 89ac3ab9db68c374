"""Partitions of backfills: the months of creation that Dagster shows, and what a range of them means."""

from collections.abc import Sequence

import dagster as dg

from pipelines.chargeover.months import Span, is_month
from pipelines.chargeover.object import Object
from pipelines.errors import EditFile
from pipelines.settings import AccountClock

ALL = "all"
"""The one partition of an object whose records cannot be asked for by creation."""


def months_of(kind: Object, clock: AccountClock) -> dg.PartitionsDefinition[str]:
    """The months of an object, by the account's clock, the current one too."""
    if not kind.created:
        return dg.StaticPartitionsDefinition([ALL])
    return dg.TimeWindowPartitionsDefinition(
        start=clock.first_month, fmt="%Y-%m", cron_schedule="0 0 1 * *", timezone=clock.zone.key, end_offset=1
    )


def range_of(written: str, name: str, keys: Sequence[str]) -> tuple[str, str]:
    """The first and last of the months that a person writes as 2025-01 or 2025-01..2025-06, all of them for nothing;
    raises EditFile when the object does not have them."""
    if not written:
        return keys[0], keys[-1]
    if keys == [ALL]:
        raise EditFile(f"{name} has no months, since ChargeOver cannot be asked for it by creation; leave {written!r} "
                       "out, then all of it is read")  # fmt: skip
    first, dots, last = written.partition("..")
    last = last if dots else first
    for month in (first, last):
        _check(month, keys)
    if first > last:
        raise EditFile(f"{written!r} ends before it begins; write the earlier month first, {last}..{first}")
    return first, last


def _check(month: str, keys: Sequence[str]) -> None:
    if not is_month(month):
        raise EditFile(f"{month!r} is no month; write 2025-01, or 2025-01..2025-06")
    if month < keys[0]:
        raise EditFile(f"{month} is before the first month, {keys[0]}, which also holds what is older; begin with that "
                       "one, or set CHARGEOVER_FIRST_MONTH")  # fmt: skip
    if month > keys[-1]:
        raise EditFile(f"{month} is yet to come; the last month is {keys[-1]}")


def span_of(keys: Sequence[str], months: dg.PartitionsDefinition[str] | None) -> Span:
    """What partitions that follow one another mean: the first month holds what is older, too, and all months
    everything."""
    all_keys = months.get_partition_keys() if months else keys
    is_first, is_last = keys[0] == all_keys[0], keys[-1] == all_keys[-1]
    return Span(None if is_first else keys[0], None if is_first and is_last else keys[-1])
