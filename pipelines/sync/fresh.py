"""Freshness: how long the oldest change that ChargeOver shows has waited for Salesforce, and who looks for changes.

Nothing grows old where nothing changes; what is owed has its verdict and is not late here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.chargeover.answer import QuestionRefused
from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.object import Object
from pipelines.chargeover.records import changed_at
from pipelines.chargeover.where import between
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.watermarks import Watermark
from pipelines.mapping.model import Mapping
from pipelines.sync.reach import synced
from pipelines.sync.source import Source

SIGNAL = "fresh"
"""On whose behalf ChargeOver is asked here."""
_a_second = timedelta(seconds=1)  # ChargeOver's times have no finer resolution
_looked_at = timedelta(minutes=1)  # calls are counted by the minute


@dataclass(frozen=True, slots=True)
class Lag:
    """One reason why a mapping is behind: since when, and what that means, in words."""

    what: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far one mapping is behind: the lags that were found, the longest first, at a moment of ChargeOver's time."""

    mapping: Mapping
    lags: tuple[Lag, ...]
    at: datetime
    is_synced: bool = True

    @property
    def behind(self) -> timedelta:
        """How long the oldest change, or look, has been due."""
        return max((self.at - lag.since for lag in self.lags), default=timedelta(0))


def told(found: Freshness, limit: timedelta) -> str:
    """In a sentence or two; the first lag says the most."""
    if not found.is_synced:
        return f"{found.mapping.to} was never loaded by {found.mapping.path.name}."
    late = [f"{lag.what}, since {lag.since:%Y-%m-%d %H:%M} UTC" for lag in found.lags if found.at - lag.since > limit]
    if not late:
        return f"{found.mapping.to}: no change waits for longer than {limit.total_seconds() / 60:.0f} min."
    return f"{found.mapping.to}: {'; '.join(late)}. Is the sensor `changes` on? co2sf sync brings what waits."


def freshness_of(
    source: Source, ledger: Ledger, mappings: Sequence[Mapping], clock_at: datetime
) -> Iterator[Freshness]:
    """How fresh these mappings are, for a call for each cursor; ``clock_at``: this machine's time."""
    now, marks = source.chargeover.now(), ledger.watermarks()
    asked_at = ledger.last_call(source.account, "cursor")
    unasked = Lag("nobody asks ChargeOver for changes", now - (clock_at - asked_at - _looked_at)) if asked_at else None
    for name in dict.fromkeys(each.object for each in mappings):
        kind = CATALOG[name].supported(source.capabilities)
        for each in (one for one in mappings if one.object == name):
            mark = synced([each], marks).get(each.to)
            lags = [*_lags(source, ledger, kind, mark, now)] if mark else []
            lags += [unasked] if unasked and kind.cursors else []
            ordered = sorted((lag for lag in lags if lag.since < now), key=lambda lag: lag.since)
            yield Freshness(each, tuple(ordered), now, mark is not None)


def _lags(source: Source, ledger: Ledger, kind: Object, mark: Watermark, now: datetime) -> Iterator[Lag]:
    yield from _unlanded(source, kind, mark, now)
    if noted_at := ledger.oldest_hint(kind.name, mark.hint):
        yield Lag(f"a hint at {kind.name} waits to be followed", noted_at)
    yield from _unwalked(source, ledger, kind)


def _unlanded(source: Source, kind: Object, mark: Watermark, now: datetime) -> Iterator[Lag]:
    """The oldest change of each cursor after the window that was read last."""
    since = mark.end_at + _a_second
    for cursor in kind.cursors:
        span = between(cursor, since, now, source.zone)
        try:
            page = source.chargeover.on_behalf_of(SIGNAL).page(kind.name, span, order=kind.key)
        except QuestionRefused:  # the next run is refused too, remembers it, and reads everything
            continue
        moments = [moment for row in page.rows if (moment := changed_at(kind, row, source.zone)) and moment > since]
        if moments:
            yield Lag(f"a change of {kind.name} ({cursor}) has not landed", min(moments))


def _unwalked(source: Source, ledger: Ledger, kind: Object) -> Iterator[Lag]:
    """Lists that were not gone through in time."""
    every = {"watch": source.pace.watch_every if kind.watched else None, "sweep": source.pace.sweep_every}
    for name, pace in every.items():
        walk = ledger.walk(kind.name, name)
        if pace is not None and walk is not None:
            yield Lag(f"the {name} of all that may have changed without a sign is overdue", walk.started_at + pace)
