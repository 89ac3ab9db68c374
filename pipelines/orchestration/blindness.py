"""Whether changes can still be noticed: the sensor ticks and looks, and syncs succeed while there is news."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import InstigatorStatus, InstigatorTick, TickStatus

from pipelines.alerts.problem import Problem
from pipelines.ledger.ledger import Ledger
from pipelines.orchestration.jobs import sync
from pipelines.orchestration.live_runs import in_flight
from pipelines.orchestration.ui import run_page, sensor_page
from pipelines.orchestration.waiting import BLIND
from pipelines.settings import AlertSettings

SENSOR, NEWS = "sensor:changes", "news"
_most_ticks, _most_runs = 1_000, 100


def sensor_is_blind(
    instance: dg.DagsterInstance, settings: AlertSettings, watching_since: datetime, now: datetime
) -> Iterator[Problem]:
    """At most one problem: no tick of the sensor could look for so long; none while somebody has it stopped, nor until
    the daemon has been up for as long."""
    since = now - timedelta(minutes=settings.blind_minutes)
    ticks = _ticks(instance, since) if watching_since <= since else None
    if ticks is None or any(not _is_bad(each) for each in ticks):
        return
    yield Problem(
        SENSOR,
        "The sensor changes cannot look for changes",
        f"for {settings.blind_minutes} minutes: {_said(ticks[0]) if ticks else 'it has not ticked'}",
        "Correct what it says; if it has not ticked, start dagster-daemon again. Nothing is lost: it catches up.",
        link=sensor_page(settings.ui_url, "changes"),
    )


def _ticks(instance: dg.DagsterInstance, since: datetime) -> list[InstigatorTick] | None:
    """Those that ended since then, the newest first; None when the sensor does not run."""
    for state in instance.all_instigator_state(instigator_type=InstigatorType.SENSOR):
        if state.instigator_name == "changes" and state.status is not InstigatorStatus.STOPPED:
            found = instance.get_ticks(
                state.instigator_origin_id, state.selector_id, after=since.timestamp(), limit=_most_ticks
            )
            return [each for each in found if each.status is not TickStatus.STARTED]
    return None


def _is_bad(tick: InstigatorTick) -> bool:
    return tick.status is TickStatus.FAILURE or (tick.skip_reason or "").startswith(BLIND)


def _said(tick: InstigatorTick) -> str:
    if tick.status is TickStatus.SKIPPED:
        return (tick.skip_reason or "").removeprefix(BLIND)
    return "its ticks fail; the page of the sensor shows the error"


def news_waits(
    instance: dg.DagsterInstance, ledger: Ledger, settings: AlertSettings, watching_since: datetime, now: datetime
) -> Iterator[Problem]:
    """At most one problem: hints or an unfinished sync wait, and none has succeeded for so long."""
    before = now - timedelta(minutes=settings.stale_minutes)
    hint, run = ledger.news_since(), _oldest_in_flight(instance)
    waiting = [each for each in (hint, run[1] if run else None) if each is not None and each < before]
    has_begun = watching_since > now - timedelta(minutes=min(settings.blind_minutes, settings.stale_minutes))
    if not waiting or has_begun or _last_success(instance, before) is not None:
        return
    what = "a sync has been under way" if run and run[1] < before else "changes have been known"
    yield Problem(
        NEWS,
        "News waits, and no sync succeeds",
        f"{what} since {min(waiting):%Y-%m-%d %H:%M} UTC, and none has succeeded for {settings.stale_minutes} minutes",
        "co2sf log tells the last runs; a run that hangs can be terminated on its page, the next one finishes it.",
        link=run_page(settings.ui_url, run[0]) if run else sensor_page(settings.ui_url, "changes"),
        run_id=run[0] if run else "",
    )


def _oldest_in_flight(instance: dg.DagsterInstance) -> tuple[str, datetime] | None:
    """With the name of the job SQLite would go through all its runs; those in flight are few."""
    found = instance.get_run_records(dg.RunsFilter(statuses=in_flight), limit=_most_runs, ascending=True)
    of_sync = (each for each in found if each.dagster_run.job_name == sync.name)
    return next(((each.dagster_run.run_id, each.create_timestamp) for each in of_sync), None)


def _last_success(instance: dg.DagsterInstance, since: datetime) -> datetime | None:
    """When a sync last succeeded, if it did since then."""
    filters = dg.RunsFilter(job_name=sync.name, statuses=[dg.DagsterRunStatus.SUCCESS], updated_after=since)
    found = instance.get_run_records(filters, limit=1)
    return found[0].update_timestamp.astimezone(UTC) if found else None
