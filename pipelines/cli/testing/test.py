"""co2sf test: do the mappings still make of their examples what is written beside them?"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.printing import as_json, show
from pipelines.cli.testing.adding import add_example
from pipelines.mapping.example import Difference, Example
from pipelines.mapping.examples import read_examples
from pipelines.mapping.model import Mapping
from pipelines.mapping.reading import read_mappings
from pipelines.settings import AccountClock, ProjectSettings, read_settings
from pipelines.sync.asked import mappings_of


@dataclass(frozen=True, slots=True)
class Tried:
    """An example, and how what became of it differs."""

    example: Example
    differences: tuple[Difference, ...]


@click.command()
@click.argument("names", nargs=-1, metavar="[MAPPING]...")
@click.option("--add", metavar="OBJECT:ID", default="", help="Draft an example from this record, read live; its names, "
              "addresses and texts are replaced.")  # fmt: skip
@as_json
def test(*, names: tuple[str, ...], add: str, as_json: bool) -> None:
    """Try the mappings on their examples, without any account.

    Examples stand in the folder examples beside the mappings: examples/invoices.yaml for invoices.yaml. Each is a
    record, and the row that it must become, or why it must be rejected. Exit code 1 when one becomes something else.
    """
    folder = read_settings(ProjectSettings).mappings
    shelf = read_mappings(folder, vocabulary())
    chosen = mappings_of(names, shelf) if names else list(shelf.mappings)
    if add:
        click.echo(add_example(folder, shelf, chosen if names else [], add))
        return
    examples, zone = read_examples(folder, shelf), read_settings(AccountClock).zone
    tried = [Tried(each, each.differences(zone)) for each in examples.found if each.mapping in chosen]
    problems = [str(each) for each in (*(() if names else shelf.problems), *examples.problems)]
    if as_json:
        show([*({"problem": each} for each in problems), *map(_data, tried)], as_json=True)
    else:
        _print(chosen, tried, problems)
    click.get_current_context().exit(2 if problems else 1 if any(each.differences for each in tried) else 0)


def _data(tried: Tried) -> dict[str, object]:
    example = tried.example
    differences = [asdict(each) for each in tried.differences]
    return {"mapping": example.mapping.name, "example": example.name, "at": example.place, "differences": differences}


def _print(chosen: Sequence[Mapping], tried: Sequence[Tried], problems: Sequence[str]) -> None:
    for problem in problems:
        click.echo(problem)
    different = [each for each in tried if each.differences]
    for each in different:
        click.echo(f"{each.example.place}: {each.example}")
        show([asdict(difference) for difference in each.differences])
        click.echo()
    without = {mapping.name for mapping in chosen} - {each.example.mapping.name for each in tried}
    if without:
        click.echo(f"No examples: {', '.join(sorted(without))}")
    click.echo(f"{len(tried)} examples, {len(tried) - len(different)} as expected, {len(different)} different")
