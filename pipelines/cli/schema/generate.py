"""co2sf schema generate: the metadata that the mappings need, as files to review."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from pipelines.cli.printing import show
from pipelines.cli.schema.org import Compared, compared, mappings_option, sound_shelf
from pipelines.mapping.problem import shown
from pipelines.schema.files import all_files, lacking_files
from pipelines.schema.gap import Gap
from pipelines.schema.needs import needs_of
from pipelines.schema.project import Fate, Project
from pipelines.settings import SalesforceSettings

_most_named = 10


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("schema"),
    show_default=True,
    help="The source-format folder to write into; it is begun if it is not there.",
)
@click.option("--all", "every", is_flag=True, help="All that the mappings need, without asking an org.")
@click.option("--force", is_flag=True, help="Overwrite files that were edited by hand, too.")
@mappings_option
@click.pass_context
def generate(context: click.Context, *, output: Path, every: bool, force: bool, mappings: Path | None) -> None:
    """Write metadata for what the org lacks.

    It is in Salesforce's source format, for review in git: what the mappings need, and the org lacks or has otherwise.
    What a file says already stays as it is, and so does a file that was edited by hand. Exit code 1 when something is
    left for a person to do.
    """
    shelf = sound_shelf(mappings)
    needs = needs_of(shelf)
    found = Compared([], {}) if every else compared(shelf, needs)
    files = all_files(needs) if every else lacking_files(needs, found.gaps, found.shapes)
    fates = _written(output, files, force=force)
    _tell(output, fates, files)
    by_hand = [gap for gap in found.gaps if gap.by_hand]
    _tell_rest(fates, by_hand)
    context.exit(1 if by_hand or Fate.KEPT in fates.values() else 0)


def _written(output: Path, files: Mapping[str, str], *, force: bool) -> dict[Path, Fate]:
    if not files:
        return {}
    return Project.begun(output, _api_version()).write(files, force=force)


def _api_version() -> str:
    """Of the settings, which need no org."""
    return str(SalesforceSettings.model_fields["api_version"].default)


def _tell(output: Path, fates: Mapping[Path, Fate], files: Mapping[str, str]) -> None:
    new = [path for path, fate in fates.items() if fate in {Fate.WRITTEN, Fate.CHANGED}]
    counts = Counter(fates.values())
    if not files:
        click.echo("Nothing to generate.")
    elif len(new) <= _most_named:
        for path in new:
            click.echo(f"{fates[path]} {shown(path)}")
    else:
        show([{"sObject": name, "files": count} for name, count in _by_object(new).items()])
    if files:
        told = [f"{counts[fate]} {fate}" for fate in Fate if counts[fate]]
        click.echo(f"{shown(output)}: {len(files)} files needed: {', '.join(told)}")


def _by_object(paths: Sequence[Path]) -> dict[str, int]:
    names = [path.parents[1].name if path.parent.name == "fields" else path.parent.name for path in paths]
    return dict(Counter(names))


def _tell_rest(fates: Mapping[Path, Fate], by_hand: Sequence[Gap]) -> None:
    for path, fate in fates.items():
        if fate is Fate.KEPT:
            text = "was edited by hand and says something else; edit it, or write --force to overwrite it"
            click.echo(f"{shown(path)}: {text}", err=True)
    for gap in by_hand:
        click.echo(f"{gap.misfit} (nothing is generated: {gap.by_hand})", err=True)
