"""Which run's staged dataset a step works on."""

from collections.abc import Iterator

import dagster as dg

from pipelines.sync.staging import Dataset, Staging


def find(context: dg.AssetExecutionContext, staging: Staging, key: dg.AssetKey) -> Dataset:
    """The dataset of an upstream asset: this run's, that of the run it repeats, or the last one materialized."""
    return staging.find(_runs(context, key), *key.path)


def _runs(context: dg.AssetExecutionContext, key: dg.AssetKey) -> Iterator[str]:
    yield context.run.run_id
    yield from (run_id for run_id in (context.run.parent_run_id, context.run.root_run_id) if run_id)
    last = context.instance.get_latest_materialization_event(key)
    if last is not None:
        yield last.run_id


def prune(instance: dg.DagsterInstance, staging: Staging, keep: int = 10) -> int:
    """Remove what finished runs have staged, but for the last few; of how many runs."""
    removed = 0
    for run_id in staging.runs()[:-keep]:
        run = instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            staging.remove(run_id)
            removed += 1
    return removed
