"""docs/errors.md explains every code that can stand in the ledger."""

import re
from pathlib import Path

from pipelines.ledger.recording import OVERTAKEN
from pipelines.salesforce.status import FAULTS
from pipelines.sync.reasons import OURS
from pipelines.sync.reference import DOCS_PAGE, page

PIPELINES = Path(__file__).parents[2] / "pipelines"


def test_the_page_of_the_docs_is_the_tables():
    assert DOCS_PAGE.read_text(encoding="utf-8") == page(), "run: python -m pipelines.sync.reference"


def test_the_page_has_a_line_for_every_row_of_salesforces_table():
    lines = [line for line in page().partition("## Sent again")[2].splitlines() if line.startswith("| ")]

    assert all(line.count(" | ") == 3 for line in lines)
    assert sum(line.split(" | ")[0][2:] == "INVALID_FIELD" for line in lines) == 8


def test_every_code_that_we_give_ourselves_is_explained():
    sources = [path.read_text(encoding="utf-8") for path in PIPELINES.rglob("*.py")]
    given = {code for text in sources for code in re.findall(r'\bcode="(\w+)"', text)} | {OVERTAKEN, "UNKNOWN"}
    explained = {each.code for each in OURS} | {fault.code for fault in FAULTS}

    assert {"REJECTED", "NO_PARENT", "EXTERNAL_ID_TAKEN"} <= given
    assert given <= explained


def test_a_code_of_ours_is_explained_once():
    codes = [each.code for each in OURS]

    assert len(set(codes)) == len(codes)
    assert not set(codes) & {fault.code for fault in FAULTS}
