"""From readings to staged parts: frames of records and of their children, some thousand rows at a time."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from pipelines.chargeover.object import Children, Object
from pipelines.chargeover.records import changed_at, id_of
from pipelines.chargeover.signals import Reading, Window
from pipelines.mapping.frame import frame_of
from pipelines.mapping.stack import stack
from pipelines.sync.asked import ASKED
from pipelines.sync.digest import digest_of
from pipelines.sync.staging import Dataset, Manifest

_part_rows = 4_000
parent_column = "_parent"
changed_column = "_changed_at"
announced_column = "_announced_at"
digest_column = "_digest"
signal_column = "_signal"
unread_column = "_unread"
"""Names of children that the record did not show as a list: they are left as they are."""


class Stager:
    """Collects the readings of one object and writes a part whenever enough rows have come together.

    A record and all its children stand in the same part, so that a child set can be compared whole."""

    def __init__(self, kind: Object, dataset: Dataset, zone: ZoneInfo) -> None:
        self._kind, self._dataset, self._zone = kind, dataset, zone
        self._frames: dict[str, list[pd.DataFrame]] = {}
        self._waiting = 0
        self._parts = 0
        self._rows: Counter[str] = Counter()
        self._signals: Counter[str] = Counter()
        self._unread = 0

    def add(self, reading: Reading) -> None:
        """Take one reading."""
        if not reading.rows:
            return
        self._signals.update(reading.signal_of(id_of(self._kind, row)) for row in reading.rows)
        for name, frame in frames_of(self._kind, reading, self._zone).items():
            self._frames.setdefault(name, []).append(frame)
            self._rows[name] += len(frame)
            self._waiting += len(frame)
        self._unread += sum(_unread(self._kind, row) is not None for row in reading.rows)
        if self._waiting >= _part_rows:
            self._write()

    def close(self, window: Window, **found: Any) -> Manifest:  # noqa: ANN401 - the manifest checks them
        """Write what is left, and the manifest with what else was found."""
        if self._frames:
            self._write()
        return self._dataset.close(
            Manifest(
                parts=self._parts,
                rows=dict(self._rows),
                start_at=window.start_at,
                end_at=window.end_at,
                signals=dict(self._signals),
                unread=self._unread,
                **found,
            )
        )

    def _write(self) -> None:
        for name, frames in self._frames.items():
            self._dataset.write(self._parts, name, stack(frames))
        self._frames, self._waiting = {}, 0
        self._parts += 1


def frames_of(kind: Object, reading: Reading, zone: ZoneInfo) -> dict[str, pd.DataFrame]:
    """The frames of one reading: the object's own, and one for each kind of children, under ``object.children``."""
    own = frame_of(reading.rows, kind.fields, reading.observed_at)
    unread = _texts([_unread(kind, row) for row in reading.rows])
    moments = {changed_column: _changes(kind, reading, zone), announced_column: _announced(kind, reading)}
    # what a person asks for follows an edited mapping although it did not change
    digests = _texts([None if reading.signal == ASKED else digest_of(kind, row) for row in reading.rows])
    signals = _texts([reading.signal_of(id_of(kind, row)) for row in reading.rows])
    told = {unread_column: unread, digest_column: digests, signal_column: signals}
    frames = {kind.name: own.assign(**moments, **told)}
    for children in kind.children:
        types = {**children.fields, parent_column: "int"}
        frames[f"{kind.name}.{children.name}"] = frame_of(
            _children(kind, children, reading), types, reading.observed_at
        )
    return frames


def _changes(kind: Object, reading: Reading, zone: ZoneInfo) -> pd.Series:
    """When each record changed; known only of those that a cursor has found."""
    told = reading.signal == "cursor"
    return _moments(changed_at(kind, row, zone) if told else None for row in reading.rows)


def _announced(kind: Object, reading: Reading) -> pd.Series:
    """When a webhook named each record; of few it did."""
    return _moments(reading.announced.get(id_of(kind, row)) for row in reading.rows)


def _moments(values: Iterable[datetime | None]) -> pd.Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.array(list(values), pa.timestamp("us", "UTC"))))


def _children(kind: Object, children: Children, reading: Reading) -> list[dict[str, Any]]:
    return [
        {**child, parent_column: row[kind.key]}
        for row in reading.rows
        for child in (row[children.name] if _is_list(row.get(children.name)) else ())
    ]


def _unread(kind: Object, row: dict[str, Any]) -> str | None:
    """The children that the record should have shown and did not: taken as none, all of them would be deleted."""
    return " ".join(each.name for each in kind.children if not _is_list(row.get(each.name))) or None


def _is_list(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(child, dict) for child in found)


def _texts(values: list[str | None]) -> pd.Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.array(values, pa.string())))
