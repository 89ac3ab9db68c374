"""The examples of a folder of mappings, for ``co2sf test`` and for pytest."""

from pathlib import Path

from pipelines.chargeover.catalog import vocabulary
from pipelines.errors import EditFile
from pipelines.mapping.example import Example
from pipelines.mapping.examples import read_examples
from pipelines.mapping.reading import read_mappings
from pipelines.settings import AccountClock, read_settings


def cases(folder: str | Path = "mappings") -> list[Example]:
    """All examples, for ``pytest.mark.parametrize("example", cases(), ids=str)``; raises EditFile that tells all
    problems of mappings and examples."""
    shelf = read_mappings(Path(folder), vocabulary())
    examples = read_examples(Path(folder), shelf)
    problems = [*shelf.problems, *examples.problems]
    if problems:
        raise EditFile("\n".join(map(str, problems)))
    return examples.found


def check(example: Example) -> None:
    """Raise AssertionError that tells field by field what became of an example's record, unless it is as expected."""
    zone = read_settings(AccountClock).zone
    differences = example.differences(zone)
    lines = [f"{each.field or 'the record'}: expected {each.expected}, became {each.became}" for each in differences]
    if lines:
        raise AssertionError("\n".join([f"{example.place}: {example}", *lines]))
