"""Carrying out a plan: which run does so."""

from pathlib import Path

from pipelines.mapping.shelf import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.jobs import quiet, sync
from pipelines.orchestration.launch import Finished, run_here
from pipelines.sync.planning.planned import Plan


def run_plan(path: Path, plan: Plan, shelf: Shelf) -> Finished:
    """Run ``sync`` over the records that the plan names and the mappings that it has rows of, to its end."""
    from pipelines.definitions import definitions

    named = {each.name for each in plan.mappings if each.rows}
    assets = {key for each in shelf.mappings if each.name in named for key in specs.assets_of(each)}
    config = quiet | {"ops": {"extract": {"config": {"plan": str(path.resolve())}}}}
    return run_here(definitions().resolve_job_def(sync.name), config, {"why": "co2sf sync --plan"}, assets)
