"""What records of ChargeOver become now, just as a sync would send them; nothing is sent."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.client import Seen
from pipelines.chargeover.many import read_many
from pipelines.chargeover.object import Object
from pipelines.chargeover.records import id_of
from pipelines.chargeover.signals import Reading
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.frame import values_of
from pipelines.mapping.model import Mapping
from pipelines.mapping.scalars import Value
from pipelines.mapping.slots import LEFT_OUT, by_field
from pipelines.sync.digest import digest_of
from pipelines.sync.extract import kind_of
from pipelines.sync.map import translation_of
from pipelines.sync.row import Row, outcomes_of, rows_of
from pipelines.sync.source import Source
from pipelines.sync.stager import frames_of


@dataclass(frozen=True, slots=True)
class Becomes:
    """What one field becomes, with its slot."""

    value: Value
    slot: str

    @property
    def is_left_out(self) -> bool:
        """Whether the payload says nothing about it."""
        return self.slot == LEFT_OUT


@dataclass(slots=True)
class Current:
    """Rows by external id, raw records by id, and those of which no row is made: gone, outside the mapping, or rejected
    with the reason."""

    rows: dict[str, Row] = field(default_factory=dict)
    records: dict[int, dict[str, Any]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    outside: set[int] = field(default_factory=set)
    rejected: dict[int, str] = field(default_factory=dict)


def current_of(source: Source, ledger: Ledger, mapping: Mapping, ids: Collection[int], signal: str) -> Current:
    """What these records become now; ChargeOver is asked on behalf of ``signal``."""
    found, kind = Current(), kind_of(source, CATALOG[mapping.object], [mapping])
    for seen, gone in read_many(source.chargeover.on_behalf_of(signal), kind, ids):
        found.gone.update(gone)
        if seen.rows:
            _take(found, source, mapping, kind, seen)
    found.rows = {row.external_id: row for row in _as_sent(ledger, mapping, list(found.rows.values()))}
    return found


def becomes_of(row: Row) -> dict[str, Becomes]:
    """What each field and lookup of a row becomes."""
    said = {**json.loads(row.payload, parse_float=Decimal), **row.lookups}
    slots = by_field(row.mapping.written, row.slots)
    return {name: Becomes(said.get(name), slots[name]) for name in row.mapping.written}


def _take(found: Current, source: Source, mapping: Mapping, kind: Object, seen: Seen) -> None:
    frames = frames_of(kind, Reading("", seen.rows, seen.observed_at), source.zone)
    made = translation_of(mapping, kind, frames.__getitem__, source.zone)
    digests = {id_of(kind, row): digest_of(kind, row) for row in seen.rows}
    from_now = mapping.on_change == "from_now"
    found.records |= {id_of(kind, row): row for row in seen.rows}
    found.rows |= {each.external_id: each for each in rows_of(made.payloads, mapping, {}, digests, from_now=from_now)}
    found.rejected |= {each.record_id: each.message for each in outcomes_of(made.rejections, mapping)}
    found.outside.update(values_of(made.outside, "record_id"))


def _as_sent(ledger: Ledger, mapping: Mapping, rows: list[Row]) -> Iterator[Row]:
    """Lookups that may stay empty are sent without a parent that has not landed."""
    optional = {name: each for name, each in mapping.lookups.items() if each.missing == "null"}
    lacking: dict[str, set[str]] = {}
    for name, lookup in optional.items():
        wanted = {key for row in rows if (key := row.lookups.get(name)) is not None}
        lacking[name] = wanted - ledger.landed(lookup.to, wanted)
    for row in rows:
        empty = frozenset(name for name in optional if row.lookups.get(name) in lacking[name])
        yield row.without(empty)
