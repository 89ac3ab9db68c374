"""From settings to the two accounts."""

from datetime import timedelta

from pipelines.chargeover.budget import Budget
from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.session import Patience
from pipelines.salesforce.budget import Budget as CallBudget
from pipelines.salesforce.connection import Logins
from pipelines.salesforce.org import Org
from pipelines.salesforce.rehearsal import Rehearsal
from pipelines.settings import ChargeOverSettings, SalesforceSettings
from pipelines.sync.credentials import credentials_of


def chargeover_of(
    settings: ChargeOverSettings, budget: Budget | None = None, patience: Patience | None = None
) -> ChargeOver:
    """The ChargeOver account that the settings name; without a budget its calls are not limited."""
    return ChargeOver(
        str(settings.url),
        settings.public_key,
        settings.private_key.get_secret_value(),
        budget=budget,
        patience=patience,
        clock_tolerance=timedelta(seconds=settings.clock_tolerance_seconds),
        datetime_format=settings.datetime_format,
    )


def org_of(settings: SalesforceSettings, budget: CallBudget | None = None, logins: Logins | None = None) -> Org:
    """The Salesforce org that the settings name, without a budget with as many calls as it takes, without ``logins`` by
    a login of its own; raises FixAccess when no way to log in is complete."""
    return Org(credentials_of(settings), settings.api_version, budget=budget, writers=settings.writers, logins=logins)


def rehearsal_of(settings: SalesforceSettings, budget: CallBudget | None = None) -> Rehearsal:
    """The same org, which nothing is written to."""
    return Rehearsal(credentials_of(settings), settings.api_version, budget=budget, writers=settings.writers)
