"""co2sf preview: what a few real records would become, field beside field; nothing is sent."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
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
from pipelines.mapping.reading import Shelf, read_mappings
from pipelines.mapping.translate import Translation
from pipelines.settings import ChargeOverSettings, ProjectSettings, read_settings
from pipelines.sync.accounts import chargeover_of
from pipelines.sync.map import translation_of
from pipelines.sync.stager import frames_of


@click.command()
@click.argument("name", metavar="MAPPING")
@click.option("--id", "record_ids", type=int, multiple=True, help="ChargeOver id of a record; may be repeated.")
@click.option("--limit", default=3, show_default=True, help="How many records when no id is given.")
@as_json
def preview(*, name: str, record_ids: tuple[int, ...], limit: int, as_json: bool) -> None:
    """Show what records become under MAPPING (say invoices), field beside field. Sends nothing."""
    mapping = _mapping(read_mappings(read_settings(ProjectSettings).mappings, vocabulary()), name)
    settings, kind = read_settings(ChargeOverSettings), CATALOG[mapping.object]
    reading = _read(chargeover_of(settings), kind, record_ids, limit)
    frames = frames_of(kind, reading, settings.zone)
    translation = translation_of(mapping, kind, frames.__getitem__, settings.zone)
    shown = [*_becoming(mapping, reading, kind, translation), *_left_out(mapping, translation)]
    if as_json:
        click.echo(json.dumps(shown, indent=1, ensure_ascii=False, default=str))
    for each in () if as_json else shown:
        click.echo(each["title"])
        show(each["fields"])


def _mapping(shelf: Shelf, name: str) -> Mapping:
    wanted = Path(name).stem
    for broken in shelf.broken:
        if broken.name == wanted:
            raise EditFile("\n".join(map(str, broken.problems)))
    for mapping in shelf.mappings:
        if wanted in {mapping.name, mapping.to}:
            return mapping
    raise EditFile(f"no mapping is called {name!r}; there are {', '.join(each.name for each in shelf.mappings)}")


def _read(chargeover: ChargeOver, kind: Object, record_ids: tuple[int, ...], limit: int) -> Reading:
    if not record_ids:
        seen = next(read_list(chargeover, kind), None)
        return Reading("preview", seen.rows[:limit] if seen else [], chargeover.now())
    rows = [row for record_id in record_ids for row in read_one(chargeover, kind, record_id).rows]
    if len(rows) < len(record_ids):
        raise EditFile(f"ChargeOver has no {kind.name} with one of the ids {', '.join(map(str, record_ids))}")
    return Reading("preview", rows, chargeover.now())


def _becoming(mapping: Mapping, reading: Reading, kind: Object, translation: Translation) -> Iterator[dict[str, Any]]:
    records = {int(row[kind.key]): row for row in reading.rows}
    columns = ("record_id", "external_id", "payload", "lookups")
    for record_id, external_id, payload, lookups in zip(
        *(values_of(translation.payloads, name) for name in columns), strict=True
    ):
        became = {**json.loads(payload), **json.loads(lookups)}
        yield {
            "title": f"{kind.name}:{record_id} -> {mapping.to} {external_id}",
            "fields": [_line(mapping, field, value, records[record_id]) for field, value in became.items()],
        }


def _line(mapping: Mapping, field: str, value: object, record: dict[str, Any]) -> dict[str, Any]:
    sources = mapping.sources_of(field)
    own = [name.removeprefix(f"{mapping.object}.") for name in sources]
    read = [record.get(name) for name in own] if not mapping.children or own != list(sources) else []
    held = ", ".join("" if each is None else str(each) for each in read)
    return {"field": field, "becomes": value, "from": ", ".join(sources), "ChargeOver has": held}


def _left_out(mapping: Mapping, translation: Translation) -> Iterator[dict[str, Any]]:
    rejections = translation.rejections
    for record_id, field, message in zip(
        *(values_of(rejections, name) for name in ("record_id", "field", "message")), strict=True
    ):
        yield {"title": f"{mapping.object}:{record_id} is rejected", "fields": [{"field": field, "problem": message}]}
    for record_id in islice(values_of(translation.outside, "record_id"), 100):
        yield {"title": f"{mapping.object}:{record_id} is outside the mapping (only)", "fields": []}
