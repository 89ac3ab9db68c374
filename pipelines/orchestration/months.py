"""Partitions of backfills: the months of creation that Dagster shows, and what a range of them means."""

from collections.abc import Sequence

import dagster as dg

from pipelines.chargeover.months import Span
from pipelines.chargeover.object import Object
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


def span_of(keys: Sequence[str], months: dg.PartitionsDefinition[str] | None) -> Span:
    """What partitions that follow one another mean: the first month holds what is older, too, and all months
    everything."""
    all_keys = months.get_partition_keys() if months else keys
    is_first, is_last = keys[0] == all_keys[0], keys[-1] == all_keys[-1]
    return Span(None if is_first else keys[0], None if is_first and is_last else keys[-1])
