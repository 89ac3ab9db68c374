"""What co2sf status finds out about each connection; what goes wrong with one of them is told, not raised."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.checking.calls import Calls, calls_data
from pipelines.cli.connecting.origins import Told, told_of
from pipelines.errors import Co2sfError
from pipelines.ledger.ledger import open_ledger
from pipelines.mapping.reading import read_mappings
from pipelines.salesforce.org import Org
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, read_settings
from pipelines.sync.accounts import chargeover_of, org_of
from pipelines.sync.allowance import CHECK
from pipelines.sync.capable import has_wrong_times
from pipelines.sync.credentials import kind_of
from pipelines.sync.daily_budget import DailyBudget

Data = dict[str, Any]
_ADDRESSES = ("url", "login_url", "login", "client_id", "public_key", "username", "api_version")
_SECRETS = ("client_secret", "refresh_token", "private_key_file", "private_key", "webhook_secret")
_LIMITS = ("DailyApiRequests", "DailyBulkApiBatches", "DataStorageMB")


def salesforce_status() -> Data:
    """The org, the login, what the mappings may write, and how many calls are left."""
    return _tried(_of_salesforce, lambda: told_of(SalesforceSettings))


def chargeover_status() -> Data:
    """The account, and what is known of it."""
    return _tried(_of_chargeover, lambda: told_of(ChargeOverSettings))


def _tried(ask: Callable[[], Data], told: Callable[[], Mapping[str, Told]]) -> Data:
    found: Data = {"works": False, "problem": "", "from": {}}
    try:
        found["from"] = {name: each.origin for name, each in told().items() if name in _ADDRESSES + _SECRETS}
        found |= ask() | {"works": True}
    except Co2sfError as error:
        found["problem"] = str(error)
    return found


def _of_salesforce() -> Data:
    settings, project = read_settings(SalesforceSettings), read_settings(ProjectSettings)
    kind, now = kind_of(settings), datetime.now(UTC)
    shelf = read_mappings(project.mappings, vocabulary())
    with open_ledger(project.ledger_url) as ledger:
        budget = DailyBudget(ledger, settings, CHECK)
        with org_of(settings, budget) as org:
            limits, who, there = org.limits(), org.identity(), org.versions()
            rights = [_right(org, sobject) for sobject in dict.fromkeys(each.to for each in shelf.mappings)]
            calls = calls_data(Calls(org.usage, budget.allowance))
    entry = project.store.read("salesforce") if kind == "web" and settings.refresh_token is None else None
    return {
        "url": str(settings.url), "login": kind, "asked_at": now.isoformat(timespec="seconds"),
        "refreshed_at": entry.tokens.get("refreshed_at", "") if entry else "",
        "username": who.username, "name": who.name, "org_id": who.org_id,
        "api_version": settings.api_version, "newest_api_version": there[-1] if there else "",
        "rights": rights, "calls": calls,
        "limits": {name: limits[name] for name in _LIMITS if name in limits},
    }  # fmt: skip


def _right(org: Org, sobject: str) -> Data:
    """What describe says of our rights; an sObject that is not there, or not for us, has none."""
    found = org.describe(sobject)
    shape = found.shape if found else None
    if shape is None:
        return {"sobject": sobject, "seen": False, "create": False, "edit": False}
    return {"sobject": sobject, "seen": True, "create": shape.createable, "edit": shape.updateable}


def _of_chargeover() -> Data:
    settings = read_settings(ChargeOverSettings)
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        known = ledger.capabilities(str(settings.url))
    if has_wrong_times(known):
        times = "would be misread: co2sf check --live says what to set"
    else:
        times = "fit" if known else "not asked yet: co2sf check --live asks"
    customers = chargeover_of(settings).count("customer", [])
    return {"url": str(settings.url), "customers": customers, "zone": settings.zone.key, "times": times}
