"""Every error text of a command has a heading in the docs that says what to do."""

import re
from pathlib import Path

import pytest
from headings import headings, sentences, texts

from pipelines.salesforce.clock import skewed_text
from pipelines.salesforce.oauth_faults import OAUTH_FAULTS
from pipelines.salesforce.refreshing import REFRESH_FAULTS

root = Path(__file__).parents[1]
pages = {
    "any": ("chargeover/*", "settings/*", "ledger/database", "ledger/migrate", "ledger/ledger", "orchestration/history",
            "salesforce/connection", "salesforce/composite", "salesforce/describe", "salesforce/totals",
            "salesforce/bulk/*", "sync/source"),
    "connect": ("store/*", "cli/connecting/*", "sync/credentials", "salesforce/web_flow", "salesforce/callback",
                "salesforce/login*", "salesforce/clock", "salesforce/refusals", "salesforce/adapters"),
    "plan": ("cli/planning/*", "sync/planning/*", "orchestration/planned"),
    "schema": ("schema/*", "cli/schema/*", "salesforce/deploy", "salesforce/granting"),
    "why": ("cli/why", "cli/drift", "sync/loaded_org", "sync/why/*", "sync/drift/*"),
}  # fmt: skip
made_of_parts = re.compile(r"XX|X; .*|Salesforce login at X: X.*", re.DOTALL)
"""Texts whose parts are looked at where they stand."""


def errors(command):
    paths = [path for name in pages[command] for path in sorted((root / "pipelines").glob(f"{name}.py"))]
    return [text for path in paths for text in texts(path)]


def without_heading(command, found):
    known = headings(root / "docs" / f"troubleshooting-{command}.md")
    return [text for text in found if not any(each.search(text.replace("'", "")) for each in known)]


@pytest.mark.parametrize("command", pages)
def test_each_error_of_a_command_has_a_heading(command):
    found = errors(command)
    assert found, "there is nothing to look at"
    assert [text for text in without_heading(command, found) if not made_of_parts.fullmatch(text)] == []


def test_each_end_of_a_budget_has_a_heading():
    found = [each for each in sentences(root / "pipelines" / "sync" / "allowance.py") if " calls " in each]
    assert len(found) == 3
    assert without_heading("any", found) == []


def test_each_fault_of_the_token_address_has_a_heading():
    causes = {skewed_text(100), *(fault.cause for fault in (*OAUTH_FAULTS, *REFRESH_FAULTS))}
    assert without_heading("connect", causes) == []
