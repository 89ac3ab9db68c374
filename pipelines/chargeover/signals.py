"""How a change is noticed: which records of an object are worth reading now, and by which signal each was found."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from more_itertools import chunked

from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.object import Object
from pipelines.chargeover.records import id_of, mark_of, read_list, read_one
from pipelines.chargeover.where import clause, moment


@dataclass(frozen=True, slots=True)
class Window:
    """A closed span of ChargeOver's time; ``start_at`` None means everything there is."""

    start_at: datetime | None
    end_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """Records read by one call or a few, the signal that led to them, and ids that ChargeOver no longer knows."""

    signal: str
    rows: list[dict[str, Any]]
    observed_at: datetime
    gone: tuple[int, ...] = ()


@dataclass(slots=True)
class OpenSet:
    """Records that may change without moving a cursor: id to content mark, as last seen and as seen now."""

    before: Mapping[int, str]
    now: dict[int, str] = field(default_factory=dict)

    def differs(self, record_id: int, mark: str) -> bool:
        """Take the record into the set of now; true when it is new there or has changed."""
        self.now[record_id] = mark
        return self.before.get(record_id) != mark

    def left(self) -> set[int]:
        """The records that were open when last seen and are not now."""
        return self.before.keys() - self.now.keys()

    def changed(self) -> set[int]:
        """The records that came in, left, or have another content than when last seen."""
        return {record_id for record_id, mark in self.now.items() if self.before.get(record_id) != mark} | self.left()


def read_everything(chargeover: ChargeOver, kind: Object, opened: OpenSet, taken: set[int]) -> Iterator[Reading]:
    """All records of the object by id keyset, but for those already taken; their ids are added to ``taken``."""
    for seen in read_list(chargeover, kind):
        rows = _new(kind, seen.rows, taken)
        _mark_open(kind, rows, opened)
        yield Reading("everything", rows, seen.observed_at)


def read_changes(
    chargeover: ChargeOver, kind: Object, window: Window, zone: ZoneInfo, opened: OpenSet, taken: set[int]
) -> Iterator[Reading]:
    """What the cursors and the open set show to have changed, each record once; their ids are added to ``taken``."""
    for cursor in kind.cursors:
        for seen in read_list(chargeover, kind, _between(cursor, window, zone)):
            rows = _new(kind, seen.rows, taken)
            _mark_open(kind, rows, opened)
            yield Reading("cursor", rows, seen.observed_at)
    if kind.open_set:
        for seen in read_list(chargeover, kind, [kind.open_set]):
            # A record taken before keeps the mark it had then: a change since must differ from it in the next run.
            others = [row for row in seen.rows if id_of(kind, row) not in taken]
            changed = [row for row in others if opened.differs(id_of(kind, row), mark_of(row))]
            yield Reading("open set", _new(kind, changed, taken), seen.observed_at)
        yield from read_ids(chargeover, kind, opened.left(), "left the open set", taken)


def read_ids(
    chargeover: ChargeOver, kind: Object, ids: Iterable[int], signal: str, taken: set[int]
) -> Iterator[Reading]:
    """Single records by id, a hundred to a reading, but for those already taken; ids that ChargeOver does not know
    any more come back as gone."""
    for some in chunked(sorted(set(ids) - taken), 100):
        each = [read_one(chargeover, kind, record_id) for record_id in some]
        taken.update(some)
        gone = tuple(record_id for record_id, seen in zip(some, each, strict=True) if not seen.rows)
        yield Reading(signal, [row for seen in each for row in seen.rows], each[0].observed_at, gone)


def touched_by(kind: Object, rows: list[dict[str, Any]]) -> dict[str, set[int]]:
    """What else changes when these records do: object to ids, along the paths that the catalog declares."""
    return {name: {found for row in rows for found in _follow(row, path)} for name, path in kind.touches.items()}


def _between(cursor: str, window: Window, zone: ZoneInfo) -> list[str]:
    assert window.start_at is not None
    until = window.end_at + timedelta(seconds=1)  # the second in which we ask is not over yet
    return [clause(cursor, "GTE", moment(window.start_at, zone)), clause(cursor, "LTE", moment(until, zone))]


def _new(kind: Object, rows: list[dict[str, Any]], taken: set[int]) -> list[dict[str, Any]]:
    new = [row for row in rows if id_of(kind, row) not in taken]
    taken |= {id_of(kind, row) for row in new}
    return new


def _mark_open(kind: Object, rows: list[dict[str, Any]], opened: OpenSet) -> None:
    opened.now |= {id_of(kind, row): mark_of(row) for row in rows if _is_open(kind, row)}


def _is_open(kind: Object, row: dict[str, Any]) -> bool:
    if not kind.open_set:
        return False
    name, operator, value = kind.open_set.split(":")
    return (str(row.get(name)) == value) is (operator == "EQUALS")


def _follow(row: dict[str, Any], path: str) -> Iterator[int]:
    name, dot, rest = path.partition(".")
    found = row.get(name)
    if dot:
        for child in found if isinstance(found, list) else ():
            yield from _follow(child, rest)
    elif str(found or "").isdigit() and int(str(found)):
        yield int(str(found))
