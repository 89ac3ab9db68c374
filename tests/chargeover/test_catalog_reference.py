"""The page of fields is what the catalog says."""

from pipelines.chargeover import freshness
from pipelines.chargeover.catalog import CATALOG, vocabulary
from pipelines.chargeover.reference import DOCS_PAGE, SCHEMA, page, schema


def test_the_page_is_up_to_date():
    assert DOCS_PAGE.read_text() == page(), "run python -m pipelines.chargeover.reference"


def test_the_schema_for_editors_is_up_to_date():
    assert SCHEMA.read_text() == schema(), "run python -m pipelines.chargeover.reference"


def test_the_page_names_every_source():
    headings = {line.lstrip("# ") for line in page().splitlines() if line.startswith("##")}
    assert headings == set(vocabulary())


def test_the_page_of_ages_is_up_to_date():
    assert freshness.DOCS_PAGE.read_text() == freshness.page(), "run python -m pipelines.chargeover.freshness"


def test_the_page_of_ages_has_a_line_for_each_kind_of_change():
    lines = [
        line for line in freshness.page().splitlines() if line.startswith("| ") and not line.startswith("| object")
    ]
    assert len(lines) == sum(len(kind.noticed) for kind in CATALOG.values())
