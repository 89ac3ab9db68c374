"""Where records come from, and at what pace it is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.chargeover.budget import Budget
from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.pages import largest_page
from pipelines.chargeover.session import Patience
from pipelines.errors import FixAccess
from pipelines.ledger.ledger import Ledger
from pipelines.settings import ChargeOverSettings
from pipelines.sync.accounts import chargeover_of
from pipelines.sync.budget import SharedBudget
from pipelines.sync.capable import capabilities, has_wrong_times


@dataclass(frozen=True, slots=True)
class Pace:
    """How often lists are walked over, how many calls a minute that may take, and how many deletes are believed."""

    watch_every: timedelta = timedelta(minutes=10)
    watch_calls_per_minute: int = 120
    sweep_every: timedelta = timedelta(hours=24)
    sweep_calls_per_minute: int = 6
    deletes_at_most_percent: int = 5


@dataclass(frozen=True, slots=True)
class Source:
    """One ChargeOver account: its time zone, how far a window reaches back over the last one, what it supports."""

    chargeover: ChargeOver
    account: str
    zone: ZoneInfo
    overlap: timedelta
    pace: Pace = Pace()
    capabilities: Mapping[str, str] = field(default_factory=dict)


_read_with = "asked_reading"


def source_of(
    settings: ChargeOverSettings, ledger: Ledger, patience: Patience | None = None, budget: Budget | None = None
) -> Source:
    """The account that the settings name, its calls counted in the ledger unless there is another ``budget``; what it
    supports is asked once."""
    account = str(settings.url)
    shared = budget or SharedBudget(ledger, account, settings.calls_per_minute)
    chargeover = chargeover_of(settings, shared, patience)
    can = _capabilities(chargeover, ledger, account, settings)
    chargeover.cap_pages(int(can.get("page_limit", largest_page)))
    overlap = timedelta(seconds=settings.overlap_seconds)
    return Source(chargeover, account, settings.zone, overlap, _pace(settings), can)


def _capabilities(
    chargeover: ChargeOver, ledger: Ledger, account: str, settings: ChargeOverSettings
) -> Mapping[str, str]:
    """What the account supports; raises FixAccess when its times would be misread, since windows would miss changes."""
    now, reading = datetime.now(UTC), f"{settings.zone.key} {settings.datetime_format}"
    can = capabilities(chargeover, ledger, account, settings.zone, now)
    if has_wrong_times(can) and can.get(_read_with) != reading:  # the settings have been mended since
        ledger.learn(account, {_read_with: reading}, now)
        can = capabilities(chargeover, ledger, account, settings.zone, now, again=True)
    if has_wrong_times(can):
        raise FixAccess(f"ChargeOver {account}: its times would be misread ({can.get('datetimes')}; zone: "
                        f"{can.get('zone', 'unknown')}); set CHARGEOVER_ZONE and CHARGEOVER_DATETIME_FORMAT as "
                        "co2sf check --live says")  # fmt: skip
    return can


def _pace(settings: ChargeOverSettings) -> Pace:
    return Pace(
        watch_every=timedelta(seconds=settings.look_every_seconds),
        watch_calls_per_minute=settings.watch_calls_per_minute,
        sweep_every=timedelta(hours=settings.sweep_every_hours),
        sweep_calls_per_minute=settings.sweep_calls_per_minute,
        deletes_at_most_percent=settings.deletes_at_most_percent,
    )
