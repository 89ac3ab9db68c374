"""The ``changes`` sensor: starts a sync when ChargeOver shows a change, and a look at everything now and then."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
from dagster import RunRecord

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.where import clause, moment
from pipelines.errors import Co2sfError
from pipelines.ledger.watermarks import Watermark
from pipelines.mapping.reading import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import sync
from pipelines.sync.extract import Source

_look_at_everything_every = timedelta(minutes=10)
_in_flight = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING,
              dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]  # fmt: skip


@dg.sensor(job=sync, minimum_interval_seconds=5, default_status=dg.DefaultSensorStatus.RUNNING)
def changes(context: dg.SensorEvaluationContext, connections: Connections) -> dg.RunRequest | dg.SkipReason:
    """Ask for one run over what changed, unless one is in flight; changes that come meanwhile wait for the next tick.

    It asks ChargeOver for changes since the ledger's watermarks, so a failed run is asked for again."""
    if _runs(context.instance, 1, _in_flight):
        return dg.SkipReason("a sync is under way")
    try:
        shelf = connections.shelf()
        last = next(iter(_runs(context.instance, 1)), None)
        if last is None or datetime.now(UTC) - last.create_timestamp > _look_at_everything_every:
            return dg.RunRequest()
        changed = _changed(connections, shelf)
    except Co2sfError as error:
        return dg.SkipReason(str(error))
    return dg.RunRequest(asset_selection=_assets(shelf)) if changed else dg.SkipReason("ChargeOver shows no change")


def _runs(
    instance: dg.DagsterInstance, limit: int, statuses: list[dg.DagsterRunStatus] | None = None
) -> list[RunRecord]:
    filters = dg.RunsFilter(job_name=sync.name, statuses=statuses)
    return list(instance.get_run_records(filters, limit=limit))


def _changed(connections: Connections, shelf: Shelf) -> bool:
    source = connections.source()
    with connections.ledger() as ledger:
        watermarks = ledger.watermarks()
    return any(source.chargeover.count(name, [where]) for name, where in _questions(source, shelf, watermarks))


def _questions(source: Source, shelf: Shelf, watermarks: dict[str, Watermark]) -> Iterator[tuple[str, str]]:
    for kind in specs.objects(shelf):
        ends = [
            watermarks[each.to].end_at for each in shelf.mappings if each.object == kind.name and each.to in watermarks
        ]
        for cursor in kind.cursors if ends else ():
            yield kind.name, clause(cursor, "GTE", moment(min(ends), source.zone))


def _assets(shelf: Shelf) -> list[dg.AssetKey]:
    """The assets of all objects that have a cursor: what else changed is read with the next look at everything."""
    quick = [each for each in shelf.mappings if CATALOG[each.object].cursors]
    read = {specs.extract_key(each.object) for each in quick}
    return [*read, *map(specs.map_key, quick), *map(specs.load_key, quick)]
