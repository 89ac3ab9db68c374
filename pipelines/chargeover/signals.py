"""How a change shows: by a cursor in a closed window, by the records that another one touches, by a mark."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.object import Object
from pipelines.chargeover.records import read_list
from pipelines.chargeover.where import between

TOUCHED_BY = "touched by"
"""How the signal of a hint begins that another object's record has given; that object's name follows."""


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
    announced: Mapping[int, datetime] = field(default_factory=dict)
    """Record id to the moment, by our clock, at which a webhook named it."""

    def signal_of(self, record_id: int) -> str:
        """What led to one of the records first."""
        return "webhook" if record_id in self.announced else self.signal


def read_window(chargeover: ChargeOver, kind: Object, cursor: str, window: Window, zone: ZoneInfo) -> Iterator[Reading]:
    """The records whose cursor lies in the window, both its ends included."""
    assert window.start_at is not None
    until = window.end_at + timedelta(seconds=1)  # the second in which we ask is not over yet
    for seen in read_list(chargeover, kind, between(cursor, window.start_at, until, zone)):
        yield Reading("cursor", seen.rows, seen.observed_at)


def touched_by(kind: Object, rows: list[dict[str, Any]]) -> dict[str, set[int]]:
    """What else changes when these records do: object to ids, along the paths that the catalog declares."""
    return {
        name: {found for row in rows for path in paths for found in _follow(row, path)}
        for name, paths in kind.touches.items()
    }


def _follow(row: dict[str, Any], path: str) -> Iterator[int]:
    name, dot, rest = path.partition(".")
    found = row.get(name)
    if dot:
        for child in found if isinstance(found, list) else ():
            yield from _follow(child, rest)
    elif str(found or "").isdigit() and int(str(found)):
        yield int(str(found))
