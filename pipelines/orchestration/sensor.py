"""The ``changes`` sensor: starts a sync when ChargeOver shows a change, and a look at everything now and then."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile

import dagster as dg
from dagster import RunRecord

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.where import clause, moment
from pipelines.errors import Co2sfError
from pipelines.ledger.watermarks import Watermark
from pipelines.mapping.reading import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.abandoned import report_abandoned
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import sync
from pipelines.sync.extract import Source

_look_at_everything_every = timedelta(minutes=10)
_first_wait = timedelta(seconds=10)
_counted = 8  # that many failures in a row wait as long as it takes to look at everything
_in_flight = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING,
              dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]  # fmt: skip


# Dagster's loop takes 5 s: an interval of 4 ticks every 5 s, one of 5 every 10 s.
@dg.sensor(
    job=sync,
    minimum_interval_seconds=4,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a sync when ChargeOver shows a change, and every ten minutes one that looks at everything.",
)
def changes(context: dg.SensorEvaluationContext, connections: Connections) -> dg.RunRequest | dg.SkipReason:
    """Ask for one run over what changed, unless one is in flight; changes that come meanwhile wait for the next tick.

    It asks ChargeOver for changes since the ledger's watermarks, so a failed run is asked for again, after a while."""
    report_abandoned(context.instance)
    if _runs(context.instance, 1, _in_flight):
        return dg.SkipReason("a sync is under way")
    last = _runs(context.instance, _counted)
    ago = datetime.now(UTC) - last[0].create_timestamp if last else _look_at_everything_every
    failed = len(list(takewhile(lambda each: not each.dagster_run.is_success, last)))
    if ago < _patience(failed):
        seconds = _patience(failed).total_seconds()
        return dg.SkipReason(f"syncs that failed in a row: {failed}; the next starts {seconds:.0f} s after the last")
    try:
        shelf, source = connections.shelf(), connections.source()
        source.chargeover.now()
        if ago >= _look_at_everything_every:
            return dg.RunRequest()
        changed = _changed(connections, source, shelf, again=failed > 0)
    except Co2sfError as error:
        return dg.SkipReason(str(error))
    return _request(context, shelf) if changed else dg.SkipReason("ChargeOver shows no change")


def _patience(failed: int) -> timedelta:
    """How long to wait after so many failed runs in a row: 10 s, 20 s, 40 s, at most until everything is looked at."""
    return min(_first_wait * 2.0 ** (failed - 1), _look_at_everything_every) if failed else timedelta(0)


def _runs(
    instance: dg.DagsterInstance, limit: int, statuses: list[dg.DagsterRunStatus] | None = None
) -> list[RunRecord]:
    filters = dg.RunsFilter(job_name=sync.name, statuses=statuses)
    return list(instance.get_run_records(filters, limit=limit))


def _changed(connections: Connections, source: Source, shelf: Shelf, *, again: bool) -> bool:
    with connections.ledger() as ledger:
        watermarks = ledger.watermarks()
    questions = _questions(source, shelf, watermarks, again=again)
    return any(source.chargeover.count(name, [where]) for name, where in questions)


def _questions(
    source: Source, shelf: Shelf, watermarks: dict[str, Watermark], *, again: bool
) -> Iterator[tuple[str, str]]:
    """What to count in ChargeOver; ``again`` asks from the oldest watermark of an object, since a run has failed.

    Else from the newest: a mapping that does not fit the org keeps an old one, and would start run after run."""
    for kind in specs.objects(shelf):
        ends = [
            watermarks[each.to].end_at for each in shelf.mappings if each.object == kind.name and each.to in watermarks
        ]
        for cursor in kind.cursors if ends else ():
            yield kind.name, clause(cursor, "GTE", moment(min(ends) if again else max(ends), source.zone))


def _request(context: dg.SensorEvaluationContext, shelf: Shelf) -> dg.RunRequest:
    """A run over all objects that have a cursor: what else changed is read with the next look at everything.

    A file that came after the definitions were loaded has no assets yet: Dagster refuses a request that names them."""
    quick = [each for each in shelf.mappings if CATALOG[each.object].cursors]
    wanted = {key for each in quick for key in (specs.extract_key(each.object), specs.map_key(each),
                                                specs.load_key(each))}  # fmt: skip
    loaded = context.repository_def.asset_graph.get_all_asset_keys() if context.repository_def else wanted
    return dg.RunRequest(asset_selection=sorted(wanted & loaded))
