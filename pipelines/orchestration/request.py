"""A run that a sensor asks for: over some assets, no more checks than ride on their steps, and why."""

from collections.abc import Mapping, Set
from typing import Any

import dagster as dg

from pipelines.orchestration.specs import riding


def request(job_name: str, keys: Set[dg.AssetKey], config: Mapping[str, Any], why: str) -> dg.RunRequest:
    """The run of a job over these assets; with assets alone Dagster would run the standing checks on them too."""
    return dg.RunRequest(
        job_name=job_name,
        asset_selection=sorted(keys),
        asset_check_keys=riding(keys),
        run_config=config,
        tags={"why": why},
    )


def loaded_in(context: dg.SensorEvaluationContext) -> Set[dg.AssetKey]:
    """The assets of the definitions as they were loaded: Dagster refuses a request that names others."""
    return context.repository_def.asset_graph.get_all_asset_keys() if context.repository_def else set()


def unloaded(names: str) -> dg.SkipReason:
    """Why there is no run over what came after the definitions were loaded."""
    return dg.SkipReason(f"{names}: there are no assets of it yet; reload the definitions")
