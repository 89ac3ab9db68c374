"""Reads the JSON of one row into values for the fields of an object, with all that is wrong with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.salesforce.errors import Refusal, UnreadableError, no_such_column
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.shape import Field, Shape
from sandbox.salesforce.table import Row, Table
from sandbox.salesforce.validation import dates, numbers, picklists, references, text

Accept = Callable[[Json], Json]

ACCEPT: dict[str, Callable[[Field], Accept]] = {
    "string": text.text,
    "textarea": text.text,
    "phone": text.text,
    "url": text.text,
    "email": text.email,
    "int": numbers.integer,
    "double": numbers.decimal,
    "currency": numbers.decimal,
    "percent": numbers.decimal,
    "boolean": numbers.checkbox,
    "date": dates.day,
    "datetime": dates.instant,
    "time": dates.time_of_day,
    "picklist": picklists.picklist,
    "multipicklist": picklists.multipicklist,
}


@dataclass(slots=True)
class Draft:
    """A row as it was read: values by API name, refusals in the order of the JSON, columns nobody knows."""

    values: Row = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    via: set[str] = field(default_factory=set)


class Reader:
    """Reads rows of one object; every field's check is compiled once."""

    def __init__(self, shape: Shape, tables: Mapping[str, Table], seen: Mapping[str, Shape]) -> None:
        self.shape = shape
        self._nulls: dict[str, Refusal] = {}
        self._accept: dict[str, Accept] = {}
        self._nested: dict[str, tuple[Field, Accept]] = {}
        for one in shape.fields.values():
            self._compile(one, tables, seen)
        names = [*self._accept, *self._nested]
        self._spelling = {name.lower(): name for name in names}

    def _compile(self, one: Field, tables: Mapping[str, Table], seen: Mapping[str, Shape]) -> None:
        if one.type == "reference":
            self._accept[one.name] = references.reference(one, tables)
            if one.relationship_name and one.reference_to:
                self._nested[one.relationship_name] = (one, references.nested(one, tables, seen))
        else:
            self._accept[one.name] = ACCEPT.get(one.type, _as_it_is)(one)
        if one.type == "boolean":
            self._nulls[one.name] = numbers.no_null(one)

    def read(self, row: Mapping[str, Json]) -> Draft:
        """Reads a row; a value of the wrong JSON type raises UnreadableError for the whole call (verified)."""
        draft = Draft()
        accepts, values = self._accept, draft.values
        for name, given in row.items():
            accept = accepts.get(name)
            if accept is None:
                self._read_other(name, given, draft)
            elif given is None:
                self._read_null(name, draft)
            else:
                try:
                    value = accept(given)
                except UnreadableError as error:
                    error.field = name
                    raise
                if value.__class__ is Refusal:
                    draft.refusals.append(value)
                else:
                    values[name] = value
        if draft.via:
            self._check_both_forms(draft, row)
        return draft

    def _read_null(self, name: str, draft: Draft) -> None:
        if name in self._nulls:
            draft.refusals.append(self._nulls[name])
        else:
            draft.values[name] = None

    def _read_other(self, name: str, given: Json, draft: Draft) -> None:
        """Attributes, a relationship, a name in other letters (they match without case), or an unknown column."""
        if name == "attributes":
            return
        if name in self._nested:
            self._read_nested(name, given, draft)
            return
        spelled = self._spelling.get(name.lower())
        if spelled is None:
            draft.unknown.append(name)
            draft.refusals.append(no_such_column(name, self.shape.name))
            return
        other = self.read({spelled: given})
        draft.values |= other.values
        draft.refusals += other.refusals
        draft.via |= other.via

    def _read_nested(self, name: str, given: Json, draft: Draft) -> None:
        one, accept = self._nested[name]
        draft.via.add(one.name)
        try:
            value = accept(given)
        except UnreadableError as error:
            error.field = next(iter(given), name)
            raise
        if isinstance(value, Refusal):
            draft.refusals.append(value)
        else:
            draft.values.setdefault(one.name, value)

    def _check_both_forms(self, draft: Draft, row: Mapping[str, Json]) -> None:
        given = {name.lower() for name in row}
        for name in sorted(draft.via):
            if name.lower() in given:
                draft.refusals.append(references.both_forms(self.shape.fields[name]))


def _as_it_is(_: Field) -> Accept:
    return lambda value: value
