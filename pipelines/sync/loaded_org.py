"""The org as checks ask it."""

from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.errors import FixAccess
from pipelines.ledger.ledger import Ledger
from pipelines.salesforce.org import Org
from pipelines.settings import SalesforceSettings, read_settings
from pipelines.sync.accounts import org_of
from pipelines.sync.allowance import CHECK
from pipelines.sync.daily_budget import DailyBudget


@contextmanager
def loaded_org(ledger: Ledger) -> Iterator[tuple[Org, DailyBudget]]:
    """The org of the settings with the calls of a check; FixAccess when nothing was ever loaded into it."""
    settings = read_settings(SalesforceSettings)
    budget = DailyBudget(ledger, settings, CHECK)
    with org_of(settings, budget) as org:
        if not ledger.is_of("Salesforce org", org.org_id()):
            raise FixAccess(f"ledger: it knows of no load into Salesforce org {org.org_id()}; run co2sf sync, or set "
                            "CO2SF_LEDGER to the ledger of this org")  # fmt: skip
        yield org, budget
