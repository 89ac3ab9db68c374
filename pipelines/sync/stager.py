"""From readings to staged parts: frames of records and of their children, some thousand rows at a time."""

from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from pipelines.chargeover.object import Children, Object
from pipelines.chargeover.records import changed_at
from pipelines.chargeover.signals import Reading, Window
from pipelines.errors import TryLater
from pipelines.mapping.frame import frame_of
from pipelines.mapping.stack import stack
from pipelines.sync.staging import Dataset, Manifest

_part_rows = 4_000
parent_column = "_parent"
changed_column = "_changed_at"


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

    def add(self, reading: Reading) -> None:
        """Take one reading."""
        if not reading.rows:
            return
        self._signals[reading.signal] += len(reading.rows)
        for name, frame in frames_of(self._kind, reading, self._zone).items():
            self._frames.setdefault(name, []).append(frame)
            self._rows[name] += len(frame)
            self._waiting += len(frame)
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
    frames = {kind.name: own.assign(**{changed_column: _changes(kind, reading, zone)})}
    for children in kind.children:
        types = {**children.fields, parent_column: "int"}
        frames[f"{kind.name}.{children.name}"] = frame_of(
            _children(kind, children, reading), types, reading.observed_at
        )
    return frames


def _changes(kind: Object, reading: Reading, zone: ZoneInfo) -> pd.Series:
    """When each record changed; known only of those that a cursor has found."""
    told = reading.signal == "cursor"
    moments = [changed_at(kind, row, zone) if told else None for row in reading.rows]
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.array(moments, pa.timestamp("us", "UTC"))))


def _children(kind: Object, children: Children, reading: Reading) -> list[dict[str, Any]]:
    return [{**child, parent_column: row[kind.key]} for row in reading.rows for child in _set_of(kind, children, row)]


def _set_of(kind: Object, children: Children, row: dict[str, Any]) -> list[dict[str, Any]]:
    found = row.get(children.name)
    if isinstance(found, list) and all(isinstance(child, dict) for child in found):
        return found
    # Taken as "no children" this would delete all of them in Salesforce.
    raise TryLater(f"ChargeOver {kind.name} {row[kind.key]}: {children.name} is no list of records "
                   f"({type(found).__name__}); nothing of it was taken, try again later")  # fmt: skip
