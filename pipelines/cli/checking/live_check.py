"""What both sides say about the mappings: what is wrong, what the account supports, and which calls are left."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from pipelines.cli.checking.account import Account, examine
from pipelines.cli.checking.calls import Calls
from pipelines.cli.checking.lateness import late
from pipelines.cli.checking.troubles import Finding, troubles
from pipelines.cli.fields.describing import org_to_ask
from pipelines.ledger.ledger import open_ledger
from pipelines.mapping.fit import fit
from pipelines.mapping.model import Mapping
from pipelines.mapping.shape import SObjectShape
from pipelines.mapping.shelf import Shelf
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, check_settings, read_settings
from pipelines.sync import fitting
from pipelines.sync.accounts import org_of
from pipelines.sync.allowance import CHECK, LIVE
from pipelines.sync.daily_budget import DailyBudget


@dataclass(frozen=True, slots=True)
class Live:
    """What both sides say: the account, the calls, how each mapping fits by its sObject, and what else is wrong."""

    account: Account
    calls: Calls
    fits: dict[str, fitting.Fitted]
    others: tuple[Finding, ...]
    seen: dict[str, fitting.Fitted] = field(default_factory=dict)
    """How mappings fitted that were looked at before, also those that are broken now."""

    @property
    def findings(self) -> list[Finding]:
        """All that is wrong."""
        return [finding for fitted in self.fits.values() for finding in _misfits(fitted)] + [*self.others]

    @property
    def runnable(self) -> int:
        """How many mappings the org has no error for."""
        return sum(not fitted.is_stopped for fitted in self.fits.values())

    def of(self, shelf: Shelf) -> "Live":
        """The same for mappings that were edited since; only sObjects that were not looked at yet are asked."""
        seen = self.seen | self.fits
        new = [each.to for each in shelf.mappings if each.to not in seen]
        shapes = {to: fitted.shape for to, fitted in seen.items()} | (_described(new) if new else {})
        fits = {each.to: _fitted(each, shapes[each.to], seen.get(each.to)) for each in shelf.mappings}
        return replace(self, fits=fits, seen=seen | fits)


def ask(shelf: Shelf, *, again: bool) -> Live:
    """Log in to both sides; what the account supports is asked once, or ``again``."""
    check_settings(ChargeOverSettings, SalesforceSettings)
    objects, ledger_url = {each.object for each in shelf.mappings}, read_settings(ProjectSettings).ledger_url
    with open_ledger(ledger_url) as ledger:
        budget = DailyBudget(ledger, read_settings(SalesforceSettings), CHECK)
        org = org_of(read_settings(SalesforceSettings), budget)
        fits = fitting.examine(org, ledger, shelf.mappings, datetime.now(UTC))
        if org.usage.used is None:  # there is no mapping to ask about
            org.limits()
        calls = Calls(org.usage, budget.allowance)
    account = examine(read_settings(ChargeOverSettings), ledger_url, objects, again=again)
    stopped = [("warning", reason)] if (reason := calls.allowance.why_not(LIVE)) else []
    return Live(account, calls, fits, (*troubles(account), *stopped, *late(account, shelf.mappings)))


def _described(sobjects: list[str]) -> dict[str, SObjectShape | None]:
    with org_to_ask() as org:
        found = {name: org.describe(name) for name in sobjects}
    return {name: each.shape if each else None for name, each in found.items()}


def _fitted(mapping: Mapping, shape: SObjectShape | None, before: fitting.Fitted | None) -> fitting.Fitted:
    return fitting.Fitted(mapping, shape, fit(mapping, shape), before.drift if before else ())


def _misfits(fitted: fitting.Fitted) -> Iterator[Finding]:
    for misfit in fitted.misfits:
        yield misfit.severity, str(misfit)
    for drift in fitted.drift:
        yield "warning", f"{fitted.mapping.at('to')}: {fitted.mapping.to} has changed in the org: {drift}"
