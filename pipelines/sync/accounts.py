"""From settings to the two accounts."""

from datetime import timedelta
from pathlib import Path

from pipelines.chargeover.budget import Budget
from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.session import Patience
from pipelines.errors import FixAccess
from pipelines.salesforce.budget import Budget as CallBudget
from pipelines.salesforce.connection import Logins
from pipelines.salesforce.login import ClientCredentials, JwtBearer
from pipelines.salesforce.org import Org
from pipelines.settings import ChargeOverSettings, SalesforceSettings


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
    a login of its own; raises FixAccess when neither way to log in is complete."""
    return Org(_credentials(settings), settings.api_version, budget=budget, writers=settings.writers, logins=logins)


def _credentials(settings: SalesforceSettings) -> ClientCredentials | JwtBearer:
    url = str(settings.url)
    if settings.client_secret is not None:
        return ClientCredentials(url, settings.client_id, settings.client_secret.get_secret_value())
    if settings.username and settings.private_key_file:
        key = _key(settings.private_key_file)
        return JwtBearer(url, settings.client_id, settings.username, key, settings.audience)
    raise FixAccess("environment: no way to log in to Salesforce; set SALESFORCE_CLIENT_SECRET (client credentials) "
                    "or SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY_FILE (JWT bearer)")  # fmt: skip


def _key(path: Path) -> str:
    try:
        return path.read_text()
    except OSError as unreadable:
        raise FixAccess(f"environment: SALESFORCE_PRIVATE_KEY_FILE {str(path)!r} cannot be read: "
                        f"{unreadable.strerror}") from None  # fmt: skip
