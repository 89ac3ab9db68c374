"""What Dagster loads: three layers of assets made from the mapping files, and the jobs over them."""

import gc
import warnings
from functools import lru_cache

import dagster as dg

from pipelines.mapping.shelf import Shelf
from pipelines.orchestration.alerts import alerts
from pipelines.orchestration.backfill import backfill_assets
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.edits import mapping_edits
from pipelines.orchestration.extract import extract_assets
from pipelines.orchestration.jobs import full_resync, resync_mapping, resync_records, retry_owed, sync
from pipelines.orchestration.load import load_assets
from pipelines.orchestration.map import map_assets
from pipelines.orchestration.prune_job import prune, prune_daily
from pipelines.orchestration.report import report
from pipelines.orchestration.sensor import changes
from pipelines.orchestration.standing_jobs import standing_jobs
from pipelines.settings import AccountClock, read_settings

warnings.filterwarnings("ignore", category=dg.BetaWarning)  # code references: one warning per asset and process
gc.freeze()  # what is loaded stays: nobody looks through it again, and the process ends a second sooner


@dg.definitions
def definitions() -> dg.Definitions:
    """All assets, checks and jobs; loads even when mapping files are broken."""
    return _made_of(Connections().shelf(), read_settings(AccountClock))


@lru_cache(maxsize=1)
def _made_of(shelf: Shelf, clock: AccountClock) -> dg.Definitions:
    """A warm worker asks anew for each run: it gets those of before as long as the mapping files say the same."""
    standing = standing_jobs(shelf)
    return dg.Definitions(
        assets=[extract_assets(shelf), map_assets(shelf), load_assets(shelf), *backfill_assets(shelf, clock)],
        jobs=[sync, full_resync, resync_mapping, resync_records, retry_owed, report, prune, *standing.jobs],
        asset_checks=standing.checks,
        schedules=[*standing.schedules, prune_daily],
        sensors=[changes, mapping_edits, alerts],
        resources={"connections": Connections()},
        executor=dg.in_process_executor,
    )
