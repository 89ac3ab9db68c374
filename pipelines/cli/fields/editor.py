"""co2sf editor: a schema for editors that knows the org, so that they complete and underline its names too."""

import re
from collections.abc import Sequence
from pathlib import Path

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.chargeover.reference import described
from pipelines.cli.fields.describing import org_to_ask, shape_in
from pipelines.errors import FixAccess
from pipelines.mapping.conversions import BUILT_IN
from pipelines.mapping.editor import Known, editor_schema
from pipelines.mapping.problem import shown
from pipelines.mapping.reading import read_mappings
from pipelines.mapping.written_conversions import conversions_in
from pipelines.settings import ProjectSettings, read_settings

OF_ORG, OF_ALL = "org.schema.json", "mapping.schema.json"
"""What is written from the org, beside the mappings, and what comes with co2sf."""
_first_line = re.compile(rb"\A(\xef\xbb\xbf)?(# yaml-language-server: \$schema=)(\S*)")


@click.command()
@click.option("--sobject", "more", multiple=True, metavar="NAME", help="Know the fields of this sObject too; may be "
              "given several times.")  # fmt: skip
@click.option("--back", is_flag=True, help="Point the mappings to the schema without an org again.")
def editor(*, more: tuple[str, ...], back: bool) -> None:
    """Let editors complete and underline the names of your org.

    Writes mappings/org.schema.json from what the org shows now: all sObjects, and the fields of those that mappings
    write. The first line of each mapping then points there. Run it again when the org has changed.
    """
    folder = read_settings(ProjectSettings).mappings
    if back:
        click.echo(f"{_pointed(folder, OF_ALL)} mappings point to {OF_ALL}")
        return
    known = _known(folder, more)
    path = folder / OF_ORG
    _write(path, editor_schema(known))
    click.echo(
        f"{shown(path)}: {len(known.sobjects)} sObjects, of {len(known.shapes)} the fields. "
        f"{_pointed(folder, OF_ORG)} mappings point to it"
    )


def _known(folder: Path, more: Sequence[str]) -> Known:
    """Mappings of sObjects that the org does not have are left to co2sf check --live."""
    shelf = read_mappings(folder, vocabulary())
    with org_to_ask() as org:
        sobjects = org.sobjects()
        written = {each.to for each in shelf.mappings} | {each.to for each in shelf.broken if each.to}
        shapes = tuple(shape_in(org, name) for name in sorted({*(written & sobjects.keys()), *more}))
    conversions, _ = conversions_in(folder)
    return Known(described(), sobjects, shapes, tuple(conversions.keys() - BUILT_IN.keys()))


def _pointed(folder: Path, schema: str) -> int:
    """How many mapping files name the schema in their first line now; a file without such a line is left alone."""
    count = 0
    for path in sorted(each for each in folder.iterdir() if each.suffix in {".yaml", ".yml"}):
        before = path.read_bytes()
        now, found = _first_line.subn(rb"\1\2" + schema.encode(), before)
        count += found
        if now != before:
            path.write_bytes(now)
    return count


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FixAccess(f"{shown(path)}: it cannot be written ({error.strerror})") from None
