"""What check --live finds out about the ChargeOver account: what it supports, and how much there is to go through."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.cost import Cost, cost_of
from pipelines.chargeover.object import Object
from pipelines.chargeover.pages import largest_page
from pipelines.ledger.ledger import open_ledger
from pipelines.settings import ChargeOverSettings
from pipelines.sync.accounts import chargeover_of
from pipelines.sync.budget import SharedBudget
from pipelines.sync.capable import capabilities, has_wrong_times


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is now: capabilities by name, costs by object, how a time is written that cannot be read."""

    settings: ChargeOverSettings
    can: Mapping[str, str]
    costs: Mapping[str, Cost]
    unreadable: str = ""

    @property
    def page_limit(self) -> int:
        """How many records a page holds."""
        return int(self.can.get("page_limit", largest_page))

    def kind(self, name: str) -> Object:
        """An object as this account supports it."""
        return CATALOG[name].supported(self.can)


def examine(settings: ChargeOverSettings, ledger_url: str, objects: Collection[str], *, again: bool) -> Account:
    """Ask what the ledger does not know about the account, or all of it ``again``, and count these objects."""
    with open_ledger(ledger_url) as ledger:
        url = str(settings.url)
        chargeover = chargeover_of(settings, SharedBudget(ledger, url, settings.calls_per_minute))
        is_mended = has_wrong_times(ledger.capabilities(url))  # perhaps: that is when a person comes here again
        can = capabilities(chargeover, ledger, url, settings.zone, datetime.now(UTC), again=again or is_mended)
        return _counted(settings, chargeover.on_behalf_of("probe"), can, objects)


def _counted(
    settings: ChargeOverSettings, chargeover: ChargeOver, can: Mapping[str, str], objects: Collection[str]
) -> Account:
    account, now = Account(settings, can, {}), chargeover.now()
    costs = {
        name: cost_of(chargeover, account.kind(name), account.page_limit, settings.zone, now)
        for name in CATALOG
        if name in objects
    }
    example = _example(chargeover) if can.get("datetimes") == "unreadable" else ""
    return Account(settings, can, costs, example)


def _example(chargeover: ChargeOver) -> str:
    rows = chargeover.page("customer", [], limit=1).rows
    return str(rows[0].get("write_datetime") or "") if rows else ""
