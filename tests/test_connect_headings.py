"""Every error text of connecting has a heading in the docs that says what to do."""

import re
from pathlib import Path

import pytest
from headings import headings, texts

from pipelines.salesforce.clock import skewed_text
from pipelines.salesforce.oauth_faults import OAUTH_FAULTS
from pipelines.salesforce.refreshing import REFRESH_FAULTS

root = Path(__file__).parents[1]
page = root / "docs" / "troubleshooting-connect.md"
files = [
    *(root / "pipelines" / "store").glob("*.py"),
    *(root / "pipelines" / "cli" / "connecting").glob("*.py"),
    *(root / "pipelines" / name for name in (
        "sync/credentials.py", "salesforce/web_flow.py", "salesforce/callback.py",
        "salesforce/login_url.py", "salesforce/login.py", "salesforce/clock.py", "salesforce/refusals.py",
        "salesforce/adapters.py",
    )),
]  # fmt: skip


def test_there_are_texts_to_look_at():
    assert sum(len(texts(path)) for path in files) > 30


@pytest.mark.parametrize("path", files, ids=lambda path: path.name)
def test_each_error_of_a_file_has_a_heading(path):
    known = headings(page)
    made_of_parts = re.compile(r"^(X; .*|Salesforce login at X: X.*)$")
    lacking = [text for text in texts(path) if not any(each.search(text) for each in known)]
    assert [text for text in lacking if not made_of_parts.match(text)] == []


def test_each_fault_of_the_token_address_has_a_heading():
    known = headings(page)
    causes = {skewed_text(100), *(fault.cause for fault in (*OAUTH_FAULTS, *REFRESH_FAULTS))}
    assert [cause for cause in causes if not any(each.search(cause) for each in known)] == []
