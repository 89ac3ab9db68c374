"""Finds the rows that hold a value, without looking at the others."""

from collections.abc import Callable

from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.shape import NUMBER_TYPES, Field


def key_of(field: Field) -> Callable[[Json], Json]:
    """How values of a field are compared: text without case, unless the field is case sensitive (verified)."""
    if field.type in NUMBER_TYPES:
        return float
    if field.case_sensitive or field.type in {"id", "reference"}:
        return _itself
    return _folded


def _itself(value: Json) -> Json:
    return value


def _folded(value: Json) -> Json:
    return value.lower() if isinstance(value, str) else value


class Index:
    """The ids of the rows under each value of one field, oldest first; rows without a value are not in it."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.name = field.name
        self.key = key_of(field)
        self._ids: dict[Json, dict[str, None]] = {}

    def find(self, value: Json) -> list[str]:
        """The ids of the rows with this value."""
        return list(self._ids.get(self.key(value), ()))

    def first(self, value: Json) -> str | None:
        """The id of the oldest row with this value."""
        found = self._ids.get(self.key(value))
        return next(iter(found)) if found else None

    def add(self, value: Json, record_id: str) -> None:
        """Puts a row under its value."""
        if value is not None:
            self._ids.setdefault(self.key(value), {})[record_id] = None

    def drop(self, value: Json, record_id: str) -> None:
        """Takes a row away from under its value."""
        if value is None:
            return
        ids = self._ids.get(self.key(value))
        if ids is not None:
            ids.pop(record_id, None)
            if not ids:
                del self._ids[self.key(value)]
