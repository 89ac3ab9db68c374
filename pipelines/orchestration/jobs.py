"""The jobs: sync what changed, read everything or some of it again, and try what is owed."""

import dagster as dg

from pipelines.orchestration.retry import Retry
from pipelines.orchestration.standing import Standing, fresh, money_agrees, not_drifted
from pipelines.sync.allowance import BACKFILL, LIVE

lane_tag = "lane"
"""The run tag that says whose share of Salesforce's calls a run takes: live unless it is ``backfill``."""

# The UI shows every event of a run; the terminal that Dagster was started in need not.
quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

paced = quiet | {"ops": {"extract": {"config": {"paced": True}}}}
"""What the sensor asks for: lists are walked over only when it is their turn."""

_layers = dg.AssetSelection.groups("extract", "map", "load") - Standing(money_agrees, fresh, not_drifted)

sync = dg.define_asset_job(
    "sync", selection=_layers, description="Bring what changed in ChargeOver to Salesforce.", config=quiet
)
full_resync = dg.define_asset_job(
    "full_resync",
    selection=_layers,
    description="Read all of ChargeOver again and send every row that differs from what Salesforce accepted last.",
    config=quiet | {"ops": {"extract": {"config": {"whole": True}}}},
    tags={lane_tag: BACKFILL},
)
retry_owed = dg.define_asset_job(
    "retry_owed",
    selection=_layers,
    description="Try owed rows now, whatever their turn: all, or those that the configuration of extract names.",
    config=quiet | {"ops": {"extract": {"config": {"paced": True, "retry": Retry().model_dump()}}}},
)

resync_records = dg.define_asset_job(
    "resync_records",
    selection=_layers,
    description="Read the records that the configuration of extract names, such as invoice:10041, and send what "
    "differs; what else has changed meanwhile comes along.",
    config=quiet | {"ops": {"extract": {"config": {"paced": True, "records": []}}}},
)
resync_mapping = dg.define_asset_job(
    "resync_mapping",
    selection=_layers,
    description="Read all records again of the mappings that the configuration of extract names, such as invoices, and "
    "send every row that differs from what Salesforce accepted last.",
    config=quiet | {"ops": {"extract": {"config": {"paced": True, "mappings": []}}}},
    tags={lane_tag: BACKFILL},
)


def lane_of(run: dg.DagsterRun) -> str:
    """Backfill for a run that reads everything, also for one that Dagster's own backfills start."""
    is_backfill = run.tags.get(lane_tag) == BACKFILL or "dagster/backfill" in run.tags
    return BACKFILL if is_backfill else LIVE
