"""The rows of one object with their indexes, and the way back and forth when a transaction is rolled back or held."""

from collections.abc import Callable

from sandbox.salesforce.ids import make
from sandbox.salesforce.index import Index
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.shape import Shape

Row = dict[str, Json]


Step = Callable[[], None]


class Journal:
    """The steps back, and forth again, of what happened since a transaction began; none are kept outside of one."""

    def __init__(self) -> None:
        self._steps: list[tuple[Step, Step]] = []
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

    def undo(self, mark: int) -> list[Step]:
        """Takes back everything since the mark; the steps returned do it once more, in their order."""
        taken = self._steps[mark:]
        del self._steps[mark:]
        for back, _ in reversed(taken):
            back()
        return [again for _, again in taken]

    def note(self, back: Step, again: Step) -> None:
        """Keeps the steps that undo what was just done, and do it again."""
        if self._depth:
            self._steps.append((back, again))


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
        self.unique = {name: index for name, index in self.indexes.items() if index.field.unique}
        targets = [field for field in shape.fields.values() if field.reference_to and "User" not in field.reference_to]
        self.parents = [field.name for field in targets if field.on_delete in {"cascade", "restrict"}]
        self.cleared = [field.name for field in targets if field.on_delete == "set_null"]

    def next_id(self) -> str:
        """A new id; numbers are never given twice, not even after a rollback."""
        self.made += 1
        return make(self.shape.prefix, self.made)

    def insert(self, row: Row) -> None:
        """Adds a row that already has its Id."""
        self._put(row)
        self._journal.note(lambda: self._forget(row["Id"]), lambda: self._put(row))

    def update(self, record_id: str, changes: Row) -> None:
        """Changes fields of a row."""
        old = self.rows[record_id]
        new = old | changes
        self._replace(old, new)
        self._journal.note(lambda: self._replace(new, old), lambda: self._replace(old, new))

    def delete(self, record_id: str) -> None:
        """Moves a row to the deleted ones."""
        row = self.rows[record_id]
        self._discard(row)
        self._journal.note(lambda: self._restore(row), lambda: self._discard(row))

    def purge(self, record_id: str) -> None:
        """Forgets a deleted row for good."""
        row = self.deleted.pop(record_id)
        self._journal.note(
            lambda: self.deleted.__setitem__(record_id, row), lambda: self.deleted.__delitem__(record_id)
        )

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

    def _discard(self, row: Row) -> None:
        self.deleted[row["Id"]] = self._take(row["Id"])

    def _restore(self, row: Row) -> None:
        del self.deleted[row["Id"]]
        self._put(row)

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
