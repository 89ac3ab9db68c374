"""co2sf preview: what a few real records would become, field beside field; nothing is sent."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import click

from pipelines.chargeover.catalog import CATALOG, vocabulary
from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.object import Object
from pipelines.chargeover.records import read_list, read_one
from pipelines.chargeover.signals import Reading
from pipelines.cli.printing import as_json, show
from pipelines.errors import EditFile
from pipelines.mapping.frame import values_of
from pipelines.mapping.model import Mapping
from pipelines.mapping.reading import read_mappings
from pipelines.mapping.translate import Translation
from pipelines.settings import ChargeOverSettings, ProjectSettings, read_settings
from pipelines.sync.accounts import chargeover_of
from pipelines.sync.asked import mapping_of
from pipelines.sync.behind import records_behind
from pipelines.sync.map import translation_of
from pipelines.sync.stager import frames_of

_enough = 100  # records of a page: no account is known to refuse so few


@click.command()
@click.argument("name", metavar="MAPPING")
@click.option(
    "--id",
    "record_ids",
    type=int,
    multiple=True,
    help="Take the record with this ChargeOver id; may be given several times.",
)
@click.option(
    "--limit",
    default=3,
    show_default=True,
    type=click.IntRange(min=1),
    help="Take so many records when no id is given.",
)
@as_json
def preview(*, name: str, record_ids: tuple[int, ...], limit: int, as_json: bool) -> None:
    """Show what records would become; nothing is sent.

    MAPPING is the name of a mapping file, say invoices, or of the sObject that it writes.
    """
    mapping = mapping_of(name, read_mappings(read_settings(ProjectSettings).mappings, vocabulary()))
    settings, kind = read_settings(ChargeOverSettings), CATALOG[mapping.object]
    chargeover = chargeover_of(settings)
    chargeover.cap_pages(_enough)
    reading = _read(chargeover, kind, record_ids, limit)
    frames = frames_of(kind, reading, settings.zone)
    translation = translation_of(mapping, kind, frames.__getitem__, settings.zone)
    shown = [*_becoming(mapping, reading, kind, translation), *_left_out(mapping, translation)]
    if as_json:
        click.echo(json.dumps(shown, indent=1, ensure_ascii=False, default=str))
    for each in () if as_json else shown:
        click.echo(each["title"])
        show(each["fields"])
    if not shown and not as_json:
        click.echo(f"Nothing to show: no {mapping.source} among the {kind.name} records read.")


def _read(chargeover: ChargeOver, kind: Object, record_ids: tuple[int, ...], limit: int) -> Reading:
    if not record_ids:
        seen = next(read_list(chargeover, kind), None)
        return Reading("preview", seen.rows[:limit] if seen else [], chargeover.now())
    found = {record_id: read_one(chargeover, kind, record_id).rows for record_id in record_ids}
    unknown = [str(record_id) for record_id, rows in found.items() if not rows]
    if unknown:
        raise EditFile(f"ChargeOver has no {kind.name} with the id {' and none with '.join(unknown)}")
    return Reading("preview", [row for rows in found.values() for row in rows], chargeover.now())


def _becoming(mapping: Mapping, reading: Reading, kind: Object, translation: Translation) -> Iterator[dict[str, Any]]:
    seen = records_behind(mapping, reading.rows)
    columns = ("record_id", "external_id", "payload", "lookups")
    for record_id, external_id, payload, lookups in zip(
        *(values_of(translation.payloads, name) for name in columns), strict=True
    ):
        became = {**json.loads(payload), **json.loads(lookups)}
        yield {
            "title": f"{kind.name}:{record_id} -> {mapping.to} {external_id}",
            "fields": [_line(mapping, field, value, seen.get(external_id, {})) for field, value in became.items()],
        }


def _line(mapping: Mapping, field: str, value: object, record: dict[str, Any]) -> dict[str, Any]:
    sources = mapping.sources_of(field)
    held = ", ".join("" if record.get(name) is None else str(record[name]) for name in sources)
    return {"field": field, "becomes": value, "from": ", ".join(sources), "ChargeOver has": held}


def _left_out(mapping: Mapping, translation: Translation) -> Iterator[dict[str, Any]]:
    columns = ("record_id", "external_id", "field", "message")
    for record_id, external_id, field, message in zip(
        *(values_of(translation.rejections, name) for name in columns), strict=True
    ):
        title = f"{mapping.object}:{record_id} -> {mapping.to} {external_id or ''} is rejected"
        yield {"title": title, "fields": [{"field": field, "problem": message}]}
    for record_id in islice(values_of(translation.outside, "record_id"), 100):
        yield {"title": f"{mapping.object}:{record_id} is outside the mapping (only)", "fields": []}
