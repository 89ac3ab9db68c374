"""Runs that stay however old they are: the UI shows their results, a run needs them, or a person was sent there."""

from collections.abc import Iterator

import dagster as dg
from dagster import DagsterEventType
from dagster._core.storage.event_log import SqlEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from more_itertools import chunked
from sqlalchemy import func, select

from pipelines.ledger.ledger import Ledger
from pipelines.orchestration.live_runs import finished

_unfinished = [each for each in dg.DagsterRunStatus if each not in finished]
_at_once = 200


def needed_runs(instance: dg.DagsterInstance, ledger: Ledger, newest: int) -> set[str]:
    """The ids of the ``newest`` runs, and of those that are needed."""
    last = instance.get_run_records(limit=newest) if newest else []
    return {
        *(each.dagster_run.run_id for each in last),
        *(each.run_id for each in ledger.alerts() if each.run_id),
        *_repeated(instance),
        *_shown(instance),
        *_last_of_checks(instance),
    }


def _repeated(instance: dg.DagsterInstance) -> Iterator[str]:
    """Runs that others, not finished yet, repeat."""
    for run in instance.get_runs(dg.RunsFilter(statuses=_unfinished)):
        yield from (each for each in (run.parent_run_id, run.root_run_id) if each)


def _shown(instance: dg.DagsterInstance) -> Iterator[str]:
    """Runs of the last materialization of each asset and each partition."""
    records = {each.asset_entry.asset_key: each for each in instance.get_asset_records()}
    for key, record in records.items():
        if record.asset_entry.last_materialization is not None:
            yield record.asset_entry.last_materialization.run_id
        yield from _last_of_partitions(instance, key)


def _last_of_checks(instance: dg.DagsterInstance) -> list[str]:
    """Runs of the last result of each check; Dagster can be asked only for checks that one knows."""
    storage, table = instance.event_log_storage, AssetCheckExecutionsTable.c
    if not isinstance(storage, SqlEventLogStorage):
        return []
    last = select(func.max(table.id)).group_by(table.asset_key, table.check_name, table.partition)
    with storage.index_connection() as connection:
        return list(connection.scalars(select(table.run_id).where(table.id.in_(last))))


def _last_of_partitions(instance: dg.DagsterInstance, key: dg.AssetKey) -> Iterator[str]:
    last = instance.event_log_storage.get_latest_storage_id_by_partition(key, DagsterEventType.ASSET_MATERIALIZATION)
    for ids in chunked(last.values(), _at_once):
        filters = dg.AssetRecordsFilter(asset_key=key, storage_ids=ids)
        yield from (each.run_id for each in instance.fetch_materializations(filters, limit=_at_once).records)
