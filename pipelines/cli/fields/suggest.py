"""co2sf suggest: a first draft of a mapping from what both sides have."""

from collections import Counter
from pathlib import Path

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.fields.describing import org_to_ask, shape_in
from pipelines.cli.fields.editor import OF_ALL, OF_ORG
from pipelines.cli.fields.suggesting import origin_of, parents_for
from pipelines.errors import EditFile, FixAccess
from pipelines.mapping.problem import near_miss
from pipelines.mapping.reading import read_mappings
from pipelines.mapping.suggestion.draft import Draft, draft
from pipelines.mapping.suggestion.text import text_of_draft
from pipelines.settings import ProjectSettings, read_settings


@click.command()
@click.argument("source", metavar="OBJECT")
@click.argument("sobject", metavar="SOBJECT")
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Write the draft to this file, say "
              "mappings/orders.yaml, instead of printing it.")  # fmt: skip
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
def suggest(*, source: str, sobject: str, out: Path | None, force: bool) -> None:
    """Draft a mapping of a ChargeOver object into an sObject.

    OBJECT is say invoice or invoice.line_items. Fields are matched by name, label and type; a comment says of each how
    sure that is, and TODO what is left to you. The draft is read by co2sf check as it is.
    """
    _check(source, out, force=force)
    folder = read_settings(ProjectSettings).mappings
    with org_to_ask() as org:
        shape = shape_in(org, sobject)
    made = draft(origin_of(source), shape, parents_for(read_mappings(folder, vocabulary()), source, shape.name))
    text = text_of_draft(made, schema_for(folder))
    if out is None:
        click.echo(text, nl=False)
    else:
        _write(out, text)
    click.echo(_summary(made, out), err=True)


def _check(source: str, out: Path | None, *, force: bool) -> None:
    if source not in vocabulary():
        near = near_miss(source, vocabulary())
        raise EditFile(f"ChargeOver has no object {source!r}{near}; there are {', '.join(vocabulary())}")
    if out is not None and out.exists() and not force:
        raise EditFile(f"{out} is there already; name another file, or write --force to overwrite it")


def schema_for(folder: Path) -> str:
    """The schema that mapping files name in their first line: that of the org once it was written."""
    return OF_ORG if (folder / OF_ORG).exists() else OF_ALL


def _write(out: Path, text: str) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FixAccess(f"--out {out}: it cannot be written ({error.strerror})") from None


def _summary(made: Draft, out: Path | None) -> str:
    marks = Counter(each.note.partition(":")[0] for each in (*made.rules, *made.lookups))
    todo = len(made.todo) + sum(len(each.todo) for each in (*made.rules, *made.lookups))
    counts = ", ".join(f"{marks[word]} {word}" for word in ("sure", "likely", "guess"))
    where = f"{out}: " if out else ""
    return f"{where}{counts}, {todo} to do, {len(made.unmatched)} fields of {made.to} left. Next: co2sf check"
