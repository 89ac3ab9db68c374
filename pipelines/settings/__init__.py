"""What a person sets in the environment, in ``.env`` or by ``co2sf connect``: two accounts, and where things lie."""

from pipelines.settings.alerts import AlertSettings
from pipelines.settings.chargeover import AccountClock, ChargeOverSettings
from pipelines.settings.project import ProjectSettings
from pipelines.settings.reading import check_settings, read_settings
from pipelines.settings.retention import RetentionSettings
from pipelines.settings.salesforce import SalesforceSettings

__all__ = [
    "AccountClock",
    "AlertSettings",
    "ChargeOverSettings",
    "ProjectSettings",
    "RetentionSettings",
    "SalesforceSettings",
    "check_settings",
    "read_settings",
]
