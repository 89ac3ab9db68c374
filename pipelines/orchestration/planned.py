"""Carrying out a plan: which run does so."""

from pathlib import Path

import dagster as dg

from pipelines.mapping.shelf import Shelf
from pipelines.orchestration import specs
from pipelines.orchestration.jobs import quiet
from pipelines.orchestration.launch import Finished, run_here
from pipelines.sync.planning.planned import Plan


def run_plan(job: dg.JobDefinition, path: Path, plan: Plan, shelf: Shelf) -> Finished:
    """Run ``sync`` over the records that the plan names and the mappings that it has rows of, to its end."""
    named = {each.name for each in plan.mappings if each.rows}
    assets = {key for each in shelf.mappings if each.name in named for key in specs.assets_of(each)}
    config = quiet | {"ops": {"extract": {"config": {"plan": str(path.resolve())}}}}
    return run_here(job, config, {"why": "co2sf sync --plan"}, assets)
