"""One object type's rows: by id, in id order, and by the few fields that requests look up."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Row = dict[str, Any]


class Table:
    """Rows hold only what differs from the object's defaults. Indexes are built at first use and then kept."""

    def __init__(self, key: str, first_id: int = 1) -> None:
        self.key = key
        self.rows: dict[int, Row] = {}
        self.ids: list[int] = []
        self.next_id = first_id
        self._equal: dict[str, dict[Any, list[int]]] = {}
        self._ordered: dict[str, list[tuple[int, int]]] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows.values())

    def restore(self, rows: Iterable[Row], next_id: int) -> None:
        """Fill an empty table with saved rows."""
        self.rows = {row[self.key]: row for row in rows}
        self.ids = sorted(self.rows)
        self.next_id = next_id

    def get(self, row_id: int | None) -> Row | None:
        """The row with this id, if there is one."""
        return None if row_id is None else self.rows.get(row_id)

    def add(self, row: Row) -> int:
        """Store ``row`` under the next id and return the id."""
        row_id = self.next_id
        self.next_id += 1
        row[self.key] = row_id
        self.rows[row_id] = row
        self.ids.append(row_id)
        for name in (*self._equal, *self._ordered):
            self._enter(name, row_id, row.get(name))
        return row_id

    def change(self, row: Row, fields: Mapping[str, Any]) -> None:
        """Set fields of a stored row."""
        row_id = row[self.key]
        for name in fields.keys() & (self._equal.keys() | self._ordered.keys()):
            self._leave(name, row_id, row.get(name))
            self._enter(name, row_id, fields[name])
        row.update(fields)

    def remove(self, row: Row) -> None:
        """Delete a stored row without a trace."""
        row_id = row[self.key]
        for name in (*self._equal, *self._ordered):
            self._leave(name, row_id, row.get(name))
        del self.rows[row_id]
        del self.ids[bisect_left(self.ids, row_id)]

    def ids_with(self, name: str, value: object) -> Sequence[int]:
        """The ids of the rows whose field equals ``value``, ascending."""
        if name not in self._equal:
            index: dict[Any, list[int]] = {}
            for row_id in self.ids:
                index.setdefault(self.rows[row_id].get(name), []).append(row_id)
            self._equal[name] = index
        return self._equal[name].get(value, ())

    def rows_with(self, name: str, value: object) -> list[Row]:
        """The rows whose field equals ``value``, by ascending id."""
        return [self.rows[row_id] for row_id in self.ids_with(name, value)]

    def span(self, name: str, low: int | None, high: int | None) -> list[tuple[int, int]]:
        """The (value, id) pairs with low <= value <= high of a whole-number field, ascending; nulls are left out."""
        if name not in self._ordered:
            pairs = ((row.get(name), row_id) for row_id, row in self.rows.items())
            self._ordered[name] = sorted((value, row_id) for value, row_id in pairs if isinstance(value, int))
        index = self._ordered[name]
        start = 0 if low is None else bisect_left(index, (low, 0))
        end = len(index) if high is None else bisect_left(index, (high + 1, 0))
        return index[start:end]

    def _enter(self, name: str, row_id: int, value: object) -> None:
        if name in self._equal:
            insort(self._equal[name].setdefault(value, []), row_id)
        if name in self._ordered and isinstance(value, int):
            insort(self._ordered[name], (value, row_id))

    def _leave(self, name: str, row_id: int, value: object) -> None:
        if name in self._equal:
            ids = self._equal[name][value]
            del ids[bisect_left(ids, row_id)]
        if name in self._ordered and isinstance(value, int):
            index = self._ordered[name]
            del index[bisect_left(index, (value, row_id))]
