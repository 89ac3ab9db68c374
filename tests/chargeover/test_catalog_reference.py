"""The page of fields is what the catalog says."""

from pipelines.chargeover.catalog import vocabulary
from pipelines.chargeover.reference import DOCS_PAGE, page


def test_the_page_is_up_to_date():
    assert DOCS_PAGE.read_text() == page(), "run python -m pipelines.chargeover.reference"


def test_the_page_names_every_source():
    headings = {line.lstrip("# ") for line in page().splitlines() if line.startswith("##")}
    assert headings == set(vocabulary())
