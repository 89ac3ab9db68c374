"""From settings to a loader."""

from datetime import UTC, datetime, timedelta

from pipelines.ledger.ledger import Ledger
from pipelines.mapping.shelf import Shelf
from pipelines.salesforce.org import Org
from pipelines.settings import ChargeOverSettings, SalesforceSettings, read_settings
from pipelines.sync.daily_budget import DailyBudget
from pipelines.sync.load import Loader
from pipelines.sync.run import Run


def loader_of(org: Org, budget: DailyBudget, ledger: Ledger, shelf: Shelf, run_id: str) -> Loader:
    """A loader of the mappings as the settings want it, its calls taken from this budget."""
    settings = read_settings(SalesforceSettings)
    return Loader(
        org,
        ledger,
        Run(run_id, lambda: datetime.now(UTC), {each.to: each.fingerprint for each in shelf.mappings}),
        {each.to: each.external_id for each in shelf.mappings},
        writers=settings.writers,
        bulk_from=settings.bulk_from_rows,
        calls_left=budget.allowance.left_for(budget.lane),
        partial=settings.partial_updates,
        describe_every=timedelta(seconds=settings.describe_every_seconds),
        deletes_at_most_percent=read_settings(ChargeOverSettings).deletes_at_most_percent,
    )
