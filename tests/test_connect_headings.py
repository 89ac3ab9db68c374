"""Every error text of connecting has a heading in the docs that says what to do."""

import ast
import re
from pathlib import Path

import pytest

from pipelines.salesforce.clock import skewed_text
from pipelines.salesforce.oauth_faults import OAUTH_FAULTS
from pipelines.salesforce.refreshing import REFRESH_FAULTS

root = Path(__file__).parents[1]
page = root / "docs" / "troubleshooting-connect.md"
errors = {"FixAccess", "TryLater", "EditFile", "OtherLogin"}
files = [
    *(root / "pipelines" / "store").glob("*.py"),
    *(root / "pipelines" / "cli").glob("connect*.py"),
    *(root / "pipelines" / name for name in (
        "cli/asking.py", "cli/signing_in.py", "sync/credentials.py", "salesforce/web_flow.py", "salesforce/callback.py",
        "salesforce/login_url.py", "salesforce/login.py", "salesforce/clock.py", "salesforce/refusals.py",
        "salesforce/adapters.py",
    )),
]  # fmt: skip


def headings() -> list[re.Pattern[str]]:
    lines = [line[3:] for line in page.read_text().splitlines() if line.startswith("## ")]
    return [re.compile(".*".join(map(re.escape, line.split("..."))), re.DOTALL) for line in lines]


def texts(path: Path) -> list[str]:
    """The texts of the errors that a file makes, values as X."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in errors]
    return [text for call in named if (text := rendered(call.args[0]))]


def rendered(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(rendered(part) if isinstance(part, ast.Constant) else "X" for part in node.values)
    return ""  # made of another text, which is looked at where it stands


def test_there_are_texts_to_look_at():
    assert sum(len(texts(path)) for path in files) > 30


@pytest.mark.parametrize("path", files, ids=lambda path: path.name)
def test_each_error_of_a_file_has_a_heading(path):
    known = headings()
    made_of_parts = re.compile(r"^(X; .*|Salesforce login at X: X.*)$")
    lacking = [text for text in texts(path) if not any(each.search(text) for each in known)]
    assert [text for text in lacking if not made_of_parts.match(text)] == []


def test_each_fault_of_the_token_address_has_a_heading():
    known = headings()
    causes = {skewed_text(100), *(fault.cause for fault in (*OAUTH_FAULTS, *REFRESH_FAULTS))}
    assert [cause for cause in causes if not any(each.search(cause) for each in known)] == []
