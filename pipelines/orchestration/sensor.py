"""The ``changes`` sensor: starts a sync when ChargeOver shows a change, or when it is time to look for silent ones."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from time import time

import dagster as dg
from dagster import RunRecord

from pipelines.errors import Co2sfError
from pipelines.mapping.reading import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.abandoned import report_abandoned
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import paced, sync
from pipelines.settings import ChargeOverSettings, SalesforceSettings, read_settings
from pipelines.sync.allowance import read_allowance
from pipelines.sync.turn import objects_with_news

_first_wait, _longest_wait = timedelta(seconds=10), timedelta(minutes=10)
_jitter_seconds = 1.0  # ticks come every 5 s, some a little early
_counted = 8  # that many failures in a row wait longest
_in_flight = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING,
              dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]  # fmt: skip


# Dagster's loop takes 5 s: an interval of 4 ticks every 5 s, one of 5 every 10 s.
@dg.sensor(
    job=sync,
    minimum_interval_seconds=4,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a sync when ChargeOver shows a change, a webhook or another signal hints at one, or it is time "
    "to compare the lists in which records change without a sign.",
)
def changes(context: dg.SensorEvaluationContext, connections: Connections) -> dg.RunRequest | dg.SkipReason:
    """Ask for one run over what changed, unless one is in flight; changes that come meanwhile wait for the next tick.

    It asks ChargeOver for changes since the ledger's watermarks, so a failed run is asked for again, after a while."""
    report_abandoned(context.instance)
    if _runs(context.instance, 1, _in_flight):
        return dg.SkipReason("a sync is under way")
    last = _runs(context.instance, _counted)
    failed = len(list(takewhile(lambda each: not each.dagster_run.is_success, last)))
    if last and datetime.now(UTC) - last[0].create_timestamp < _patience(failed):
        seconds = _patience(failed).total_seconds()
        return dg.SkipReason(f"syncs that failed in a row: {failed}; the next starts {seconds:.0f} s after the last")
    try:
        shelf = connections.shelf()
        with connections.ledger() as ledger:
            if reason := read_allowance(ledger, read_settings(SalesforceSettings), datetime.now(UTC)).why_no_run():
                return dg.SkipReason(reason)
            polls = _polls_now(context)
            news = objects_with_news(connections.source(ledger), ledger, shelf, polls=polls, again=failed > 0)
    except Co2sfError as error:
        return dg.SkipReason(str(error))
    return _request(context, shelf, news) if news else dg.SkipReason("ChargeOver shows no change")


def _polls_now(context: dg.SensorEvaluationContext) -> bool:
    """Whether it is time to ask ChargeOver again; the cursor holds when that was done last."""
    now, last = time(), float(context.cursor or 0)
    if now - last < read_settings(ChargeOverSettings).poll_seconds - _jitter_seconds:
        return False
    context.update_cursor(str(now))
    return True


def _patience(failed: int) -> timedelta:
    """How long to wait after so many failed runs in a row: 10 s, 20 s, 40 s, at most ten minutes."""
    return min(_first_wait * 2.0 ** (failed - 1), _longest_wait) if failed else timedelta(0)


def _runs(
    instance: dg.DagsterInstance, limit: int, statuses: list[dg.DagsterRunStatus] | None = None
) -> list[RunRecord]:
    filters = dg.RunsFilter(job_name=sync.name, statuses=statuses)
    return list(instance.get_run_records(filters, limit=limit))


def _request(context: dg.SensorEvaluationContext, shelf: Shelf, news: set[str]) -> dg.RunRequest | dg.SkipReason:
    """A run over the objects that changed and those that these may touch.

    A file that came after the definitions were loaded has no assets yet: Dagster refuses a request that names them."""
    objects = {name for kind in specs.objects(shelf) if kind.name in news for name in specs.reached(kind)}
    wanted = {key for name in objects for key in _keys(shelf, name)}
    loaded = context.repository_def.asset_graph.get_all_asset_keys() if context.repository_def else wanted
    if not wanted & loaded:  # Dagster would take an empty selection for all assets
        return dg.SkipReason(f"{', '.join(sorted(news))}: there are no assets of it yet; reload the definitions")
    return dg.RunRequest(asset_selection=sorted(wanted & loaded), run_config=paced)


def _keys(shelf: Shelf, name: str) -> Iterator[dg.AssetKey]:
    for each in shelf.mappings:
        if each.object == name:
            yield from (specs.extract_key(name), specs.map_key(each), specs.load_key(each))
