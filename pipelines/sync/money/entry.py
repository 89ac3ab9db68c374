"""Entries: what ChargeOver's records make of the amounts, row by row, just as a sync would load them."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from pipelines.chargeover.answer import QuestionRefused
from pipelines.chargeover.client import ChargeOver, Seen
from pipelines.chargeover.many import read_many
from pipelines.chargeover.object import Object
from pipelines.chargeover.records import id_of, noted_at, read_list
from pipelines.chargeover.signals import Reading
from pipelines.chargeover.totals import FILTERED_BY_DAY
from pipelines.chargeover.where import clause
from pipelines.mapping.frame import values_of
from pipelines.mapping.translate import Translation
from pipelines.sync.map import translation_of
from pipelines.sync.money.group import Group, Span
from pipelines.sync.money.measure import Measure
from pipelines.sync.row import Row, rows_of
from pipelines.sync.source import Source
from pipelines.sync.stager import frames_of

SIGNAL = "money"
"""On whose behalf ChargeOver is asked here, and the signal of what a person wants to be put right."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as ChargeOver wants it: its group, and the amounts that the mapping says something about."""

    row: Row
    group: Group
    amounts: dict[str, Decimal | None]
    noted_at: datetime | None
    """The latest time that ChargeOver's record bears."""


def entries(source: Source, measure: Measure, span: Span | None) -> Iterator[Entry]:
    """All rows, or those of some months where ChargeOver's lists can be filtered so, and perhaps others too."""
    kind = _kind(source, measure)
    where = days(measure, span)
    try:
        for seen in read_list(_asking(source), kind, where):
            yield from _entries(source, measure, kind, seen)
    except QuestionRefused:
        if not where:
            raise
        yield from entries(source, measure, None)


def entries_of(source: Source, measure: Measure, record_ids: Collection[int]) -> Iterator[Entry]:
    """The rows of these top-level records, as far as ChargeOver still has them."""
    kind = _kind(source, measure)
    for seen, _ in read_many(_asking(source), kind, record_ids):
        yield from _entries(source, measure, kind, seen)


def days(measure: Measure, span: Span | None) -> list[str]:
    """The clauses for some months, as far as ChargeOver can filter by the day."""
    name = measure.mapping.object
    if span is None or not measure.dated_by or name not in FILTERED_BY_DAY:
        return []
    source = measure.dated_by.sources_of(measure.day)[0]
    return [clause(source, "GTE", str(span.first)), clause(source, "LTE", str(span.last))]


def _asking(source: Source) -> ChargeOver:
    return source.chargeover.on_behalf_of(SIGNAL)


def _kind(source: Source, measure: Measure) -> Object:
    """Without children where the mapping needs none: then lists show all that it needs."""
    kind = measure.kind.supported(source.capabilities)
    return kind if measure.mapping.children else replace(kind, children=(), complete=(), expand=())


def _entries(source: Source, measure: Measure, kind: Object, seen: Seen) -> Iterator[Entry]:
    frames = frames_of(kind, Reading(SIGNAL, seen.rows, seen.observed_at), source.zone)
    made = translation_of(measure.mapping, kind, frames.__getitem__, source.zone)
    dated = made
    if measure.dated_by and measure.dated_by is not measure.mapping:
        dated = translation_of(measure.dated_by, kind, frames.__getitem__, source.zone)
    months = _months(dated, measure.day)
    times = {id_of(kind, row): noted_at(row, source.zone) for row in seen.rows}
    for row in rows_of(made.payloads, measure.mapping, {}, {}):
        said = json.loads(row.payload, parse_float=Decimal, parse_int=Decimal)
        group = Group(months.get(row.record_id, ""), str(said.get(measure.currency) or ""))
        yield Entry(row, group, _amounts(said, list(measure.amounts)), times.get(row.record_id))


def _months(dated: Translation, day: str) -> dict[int, str]:
    if not day:
        return {}
    columns = (values_of(dated.payloads, "record_id"), values_of(dated.payloads, "payload"))
    return {record_id: str(json.loads(payload).get(day) or "")[:7] for record_id, payload in zip(*columns, strict=True)}


def _amounts(said: dict[str, Any], names: Sequence[str]) -> dict[str, Decimal | None]:
    return {name: said[name] for name in names if name in said}
