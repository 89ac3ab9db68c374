"""The examples beside the shipped mappings, as a user's project would run its own."""

from pathlib import Path

import pytest

from pipelines.sync.examples import cases, check

FOLDER = Path(__file__).parents[2] / "mappings"


@pytest.mark.parametrize("example", cases(FOLDER), ids=str)
def test_a_mapping_makes_of_its_example_what_is_written_beside_it(example):
    check(example)


def test_every_shipped_mapping_has_examples_that_go_well_and_that_go_wrong_or_are_odd():
    told = {path.stem: [] for path in FOLDER.glob("*.yaml")}
    for example in cases(FOLDER):
        told[example.mapping.name].append(example)
    assert min(map(len, told.values())) >= 3
    assert {name for name, examples in told.items() if not any(each.expected.rejected for each in examples)} == {
        "products",
        "bank_accounts",
    }, "only these cannot reject a record"
