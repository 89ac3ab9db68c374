"""The rows of one object with their indexes, and the way back when a transaction is rolled back."""

from collections.abc import Callable

from sandbox.salesforce.ids import make
from sandbox.salesforce.index import Index
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.shape import Shape

Row = dict[str, Json]


class Journal:
    """The steps that undo what happened since a transaction began; nothing is kept outside of one."""

    def __init__(self) -> None:
        self._steps: list[Callable[[], None]] = []
        self._depth = 0

    def begin(self) -> int:
        """Starts a transaction (they nest) and returns the mark to roll back to."""
        self._depth += 1
        return len(self._steps)

    def end(self) -> None:
        """Ends the innermost transaction; what happened in the outermost can no longer be undone."""
        self._depth -= 1
        if not self._depth:
            self._steps.clear()

    def undo(self, mark: int) -> None:
        """Takes back everything since the mark."""
        while len(self._steps) > mark:
            self._steps.pop()()

    def note(self, step: Callable[[], None]) -> None:
        """Keeps the step that undoes what was just done."""
        if self._depth:
            self._steps.append(step)


class Table:
    """The rows of one object: live ones, deleted ones, and an index for every key, unique and lookup field."""

    def __init__(self, shape: Shape, journal: Journal) -> None:
        self.shape = shape
        self.rows: dict[str, Row] = {}
        self.deleted: dict[str, Row] = {}
        self.made = 0
        self._journal = journal
        indexed = [field for field in shape.fields.values() if field.is_key or field.unique or field.reference_to]
        self.indexes = {field.name: Index(field) for field in indexed if field.name != "Id"}

    def next_id(self) -> str:
        """A new id; numbers are never given twice, not even after a rollback."""
        self.made += 1
        return make(self.shape.prefix, self.made)

    def insert(self, row: Row) -> None:
        """Adds a row that already has its Id."""
        self._put(row)
        self._journal.note(lambda: self._forget(row["Id"]))

    def update(self, record_id: str, changes: Row) -> None:
        """Changes fields of a row."""
        old = self.rows[record_id]
        self._replace(old, old | changes)
        self._journal.note(lambda: self._replace(self.rows[record_id], old))

    def delete(self, record_id: str) -> None:
        """Moves a row to the deleted ones."""
        row = self._take(record_id)
        self.deleted[record_id] = row

        def restore() -> None:
            del self.deleted[record_id]
            self._put(row)

        self._journal.note(restore)

    def find(self, field: str, value: Json) -> list[str]:
        """The ids of the live rows whose indexed field (or Id) holds the value."""
        if field == "Id":
            return [value] if value in self.rows else []
        return self.indexes[field].find(value)

    def _put(self, row: Row) -> None:
        record_id = row["Id"]
        self.rows[record_id] = row
        for name, index in self.indexes.items():
            index.add(row.get(name), record_id)

    def _forget(self, record_id: str) -> None:
        self._take(record_id)

    def _take(self, record_id: str) -> Row:
        row = self.rows.pop(record_id)
        for name, index in self.indexes.items():
            index.drop(row.get(name), record_id)
        return row

    def _replace(self, old: Row, new: Row) -> None:
        record_id = new["Id"]
        self.rows[record_id] = new
        for name, index in self.indexes.items():
            before, after = old.get(name), new.get(name)
            if before != after:
                index.drop(before, record_id)
                index.add(after, record_id)
