"""Compared: a row that would be sent beside what Salesforce holds of it, field by field."""

from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from datetime import UTC, datetime
from typing import Any

from pipelines.mapping.likeness import alike
from pipelines.mapping.model import Mapping
from pipelines.mapping.scalars import Value, text_of
from pipelines.mapping.shape import SObjectShape
from pipelines.salesforce.held import Asked, Parent
from pipelines.salesforce.rehearsal import Sent
from pipelines.sync.planning.planned import Change


class Comparison:
    """One mapping and its sObject as the org describes it."""

    def __init__(self, mapping: Mapping, shape: SObjectShape, keys: Dictionary[str, str]) -> None:
        """``keys``: the external id field of every sObject that can be a parent."""
        self._mapping, self._keys = mapping, keys
        self._fields = {name.casefold(): field for name, field in shape.fields.items()}

    @property
    def asked(self) -> Asked:
        """What is to be known of rows: every field and lookup that a sync may write, marks of ``on_delete`` too."""
        mapping, marks = self._mapping, self._mapping.on_delete
        names = [*mapping.fields, *(marks if isinstance(marks, Dictionary) else ())]
        key = self._fields.get(mapping.external_id.casefold())
        return Asked(
            mapping.to,
            mapping.external_id,
            key is not None and key.type in {"double", "int", "long"},
            {name: name for name in names},
            {
                name: (name, f"{lookup.relationship}.{self._keys[lookup.to]}")
                for name, lookup in mapping.lookups.items()
            },
        )

    def changes(self, sent: Sent) -> tuple[Change, ...]:
        """The fields that would become others; of a new row those that have a value."""
        before = sent.before.values if sent.before else {}
        return tuple(
            Change(field=name, old=self._old(name, before.get(name)), new=_text(value))
            for name, value in sorted(self._values(sent.row))
            if not self._is_alike(name, value, before.get(name))
        )

    def _values(self, row: Dictionary[str, Any]) -> Iterator[tuple[str, Value]]:
        """Names of the mapping with their values, of lookups the parent's external id."""
        names = {lookup.relationship: name for name, lookup in self._mapping.lookups.items()}
        for name, value in row.items():
            if isinstance(value, dict):
                yield names[name], next(iter(value.values()))
            elif name != self._mapping.external_id:
                yield name, value

    def _old(self, name: str, value: Value | Parent) -> str | None:
        """What is held, as it would be sent: moments in UTC, not as 2026-03-01T12:00:00.000+0000."""
        field, text = self._fields.get(name.casefold()), _text(value)
        if text is None or field is None or field.type != "datetime":
            return text
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _is_alike(self, name: str, new: Value, old: Value | Parent) -> bool:
        rule, field = self._mapping.fields.get(name), self._fields.get(name.casefold())
        if isinstance(old, Parent) or name in self._mapping.lookups or field is None:
            return (_text(old) or "").casefold() == (_text(new) or "").casefold()
        is_rich = rule is not None and rule.bound.conversion.name == "rich_text"
        return alike(new, old, field, is_rich=is_rich)


def _text(value: Value | Parent) -> str | None:
    return None if value is None else str(value) if isinstance(value, Parent) else text_of(value)
