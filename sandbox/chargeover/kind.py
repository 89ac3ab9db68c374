"""What an object type is: its fields and their types, what can be filtered, written and done, how a row is shown."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sandbox.chargeover.company import Company
from sandbox.chargeover.table import Row
from sandbox.chargeover.writing import WRITERS, Raw, text

Derive = Callable[[Company, Row], Any]
Relation = tuple[str, Callable[[Company, Row], Iterable[Any]]]
_DEFAULTS: dict[str, Any] = {"money": 0, "bool": False, "flag": 0}


def fields(text: str) -> dict[str, str]:
    """Field names with their types from lines ``type: name name custom*50`` (the last: custom_1 to custom_50)."""
    types: dict[str, str] = {}
    for line in text.strip().splitlines():
        type_name, names = line.split(":")
        for name in names.split():
            stem, _, count = name.partition("*")
            spread = [f"{stem}_{n}" for n in range(1, int(count) + 1)] if count else [name]
            types |= dict.fromkeys(spread, type_name.strip())
    return types


def words(text: str) -> frozenset[str]:
    """Field names from a text of names."""
    return frozenset(text.split())


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Fields with types and defaults; ``derived`` ones are computed at each answer and never stored."""

    name: str
    types: Mapping[str, str]
    defaults: Row = field(default_factory=dict)
    derived: Mapping[str, Derive] = field(default_factory=dict)
    alone: Mapping[str, Derive] = field(default_factory=dict)

    @cached_property
    def template(self) -> Row:
        """What a row shows where nothing is stored."""
        return {
            name: self.defaults.get(name, _DEFAULTS.get(type_name))
            for name, type_name in self.types.items()
            if name not in self.alone
        }

    @cached_property
    def datetimes(self) -> frozenset[str]:
        """The fields that hold seconds inside and text outside."""
        return frozenset(name for name in self.template if self.types[name] == "datetime")

    @cached_property
    def _places(self) -> dict[str, tuple[int, str]]:
        return {name: (place, f'"{name}":') for place, name in enumerate(self.template)}

    @cached_property
    def _pieces(self) -> list[str]:
        return [f'"{name}":{text(value)}' for name, value in self.template.items()]

    def fresh(self, company: Company, row: Row) -> Row:
        """The fields of a row that are not left at their default."""
        found = row.copy()
        for name, derive in self.derived.items():
            found[name] = derive(company, row)
        write = company.times.text
        for name in self.datetimes & found.keys():
            at = found[name]
            if at.__class__ is int:
                found[name] = write(at)
        return found

    def answer(self, company: Company, row: Row, *, alone: bool) -> Row:
        """The row with every field, as it goes into an answer."""
        answered = self.template | self.fresh(company, row)
        if alone:
            answered.update((name, derive(company, row)) for name, derive in self.alone.items())
        return answered

    def pieces(self, company: Company, row: Row) -> list[str]:
        """The members of the JSON object for a row in a list: only what is not default is written anew."""
        pieces, places = self._pieces.copy(), self._places
        for name, value in self.fresh(company, row).items():
            place, head = places[name]
            pieces[place] = head + WRITERS[value.__class__](value)
        return pieces

    def value(self, company: Company, row: Row, name: str) -> Any:  # noqa: ANN401 -- any JSON value
        """One field of a row before it is written out (datetimes as seconds)."""
        derive = self.derived.get(name) or self.alone.get(name)
        return derive(company, row) if derive else row.get(name, self.template.get(name))


@dataclass(frozen=True, kw_only=True)
class Child(Shape):
    """Rows that exist only inside a row of a kind: line items, applied payments."""

    rows: Callable[[Company, Row], Iterable[Row]]


@dataclass(frozen=True, kw_only=True)
class Kind(Shape):
    """One object type of the API."""

    key: str
    filters: frozenset[str] = frozenset()
    relations: Mapping[str, Relation] = field(default_factory=dict)
    indexed: frozenset[str] = frozenset()
    child: Child | None = None
    create: Callable[[Company, Row], int] | None = None
    update: Callable[[Company, Row, Row], None] | None = None
    delete: Callable[[Company, Row], None] | None = None
    actions: Mapping[str, Callable[[Company, Row, Row], object]] = field(default_factory=dict)
    collection_actions: Mapping[str, Callable[[Company, Row], object]] = field(default_factory=dict)

    @property
    def node(self) -> str:
        """What the switch ``expands`` calls the children of this kind, "" without children."""
        return "" if self.child is None else f"{self.name}.{self.child.name}"

    def shown(self, company: Company, row: Row, *, expand: bool = False, alone: bool = False) -> Row:
        """A row as it is answered: in a list, in a list with its children (``expand``), or by id (``alone``)."""
        answered = self.answer(company, row, alone=alone)
        if self.child is not None and (alone or expand):
            child = self.child
            answered[child.name] = [child.answer(company, each, alone=alone) for each in child.rows(company, row)]
        return answered

    def text(self, company: Company, row: Row, *, expand: bool) -> Raw:
        """A row in a list as JSON text; the same as shown() would give, several times faster."""
        pieces = self.pieces(company, row)
        if self.child is not None and expand:
            child = self.child
            children = ["{" + ",".join(child.pieces(company, each)) + "}" for each in child.rows(company, row)]
            pieces.append(f'"{child.name}":[{",".join(children)}]')
        return Raw("{" + ",".join(pieces) + "}")
