"""What commands ask the org about its sObjects; the calls count in the day's budget."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pipelines.errors import EditFile, FixAccess
from pipelines.ledger.ledger import open_ledger
from pipelines.mapping.problem import near_miss
from pipelines.mapping.shape import SObjectShape
from pipelines.salesforce.org import Org
from pipelines.settings import ProjectSettings, SalesforceSettings, check_settings, read_settings
from pipelines.sync.accounts import org_of
from pipelines.sync.allowance import CHECK
from pipelines.sync.daily_budget import DailyBudget


@contextmanager
def org_to_ask() -> Iterator[Org]:
    """The org of the settings."""
    settings = read_settings(SalesforceSettings)
    with (
        open_ledger(read_settings(ProjectSettings).ledger_url) as ledger,
        org_of(settings, DailyBudget(ledger, settings, CHECK)) as org,
    ):
        yield org


def is_connected() -> bool:
    """Whether a connection to Salesforce is set up."""
    try:
        check_settings(SalesforceSettings)
    except FixAccess:
        return False
    return True


def shape_in(org: Org, name: str, others: Iterable[str] = ()) -> SObjectShape:
    """How an sObject looks; EditFile with the near miss when the org shows none of that name, nor are there ``others``
    that may be meant."""
    found = org.describe(name)
    if found is None or found.shape is None:
        near = near_miss(name, {**dict.fromkeys(others), **org.sobjects()})
        what = f"neither ChargeOver nor the org has {name!r}" if others else f"the org has no sObject {name!r}"
        raise EditFile(f"{what}, or this user may not see it{near}")
    return found.shape
