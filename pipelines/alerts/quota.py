"""Salesforce calls that run out: they are used up, or will be before the oldest of them no longer count."""

from collections.abc import Iterator
from datetime import datetime

from pipelines.alerts.problem import WARNING, Problem
from pipelines.ledger.ledger import Ledger
from pipelines.settings import SalesforceSettings
from pipelines.sync.allowance import WINDOW, account_of, read_allowance
from pipelines.sync.forecast import used_up_at

KEY = "quota"


def quota_ends(ledger: Ledger, settings: SalesforceSettings, at: datetime) -> Iterator[Problem]:
    """At most one problem; none while it is not known what the org allows."""
    allowance = read_allowance(ledger, settings, at)
    to_do = "co2sf check --live tells who made them; SALESFORCE_CALLS_SHARE_PERCENT and _RESERVE_PERCENT say how many."
    if reason := allowance.why_no_run():
        yield Problem(KEY, "Salesforce calls are used up", reason, to_do)
        return
    end_at = used_up_at(allowance, ledger.spent_by_minute(account_of(settings), at - WINDOW))
    if end_at is not None:
        text = (f"co2sf has made {allowance.total:,} of the {allowance.share:,} calls that it may make in 24 hours, "
                f"and at the pace of the last hours none are left at {end_at:%H:%M} UTC")  # fmt: skip
        yield Problem(KEY, "Salesforce calls will run out", text, to_do, WARNING)
