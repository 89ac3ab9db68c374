"""The scope of a plan: what has changed, all records of some mappings, or some records."""

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.object import Object
from pipelines.chargeover.touching import touching
from pipelines.errors import EditFile
from pipelines.mapping.model import Mapping
from pipelines.mapping.shelf import Shelf
from pipelines.sync.asked import mappings_of, records_of

Kind = Literal["changed", "all", "ids"]


@dataclass(frozen=True, slots=True)
class Scope:
    """``changed``: as ``co2sf sync`` reads; ``all``: as ``co2sf resync MAPPING``; ``ids``: these records alone."""

    kind: Kind
    mappings: Sequence[Mapping]
    """What is mapped and loaded, in loading order."""
    renewed: Sequence[str] = ()
    """The sObjects of which rows follow an edited mapping though their records did not change."""
    ids: Dictionary[str, set[int]] = field(default_factory=dict)

    @property
    def objects(self) -> list[Object]:
        """The ChargeOver objects that are read, in the order in which one touches the next."""
        named = {each.object for each in self.mappings}
        return sorted((kind for kind in CATALOG.values() if kind.name in named), key=touching, reverse=True)


def scope_of(shelf: Shelf, names: Sequence[str], ids: Sequence[str], *, whole: bool) -> Scope:
    """What a person means: mappings by the names of their files, records such as invoice:10041, or all there is."""
    if ids and (names or whole):
        raise EditFile("--ids names records; mappings and --all have no meaning beside it")
    if ids:
        records = records_of(ids, shelf)
        return Scope("ids", [each for each in shelf.mappings if each.object in records], ids=records)
    named = mappings_of(names, shelf) if names else list(shelf.mappings)
    if not named:
        raise EditFile("there is no mapping to plan with; co2sf check says what is wrong")
    if whole:
        objects = {each.object for each in named}
        brothers = [each for each in shelf.mappings if each.object in objects]
        return Scope("all", brothers, [each.to for each in named])
    needed = _with_parents(shelf, {each.to for each in named})
    return Scope("changed", [each for each in shelf.mappings if each.to in needed])


def _with_parents(shelf: Shelf, sobjects: set[str]) -> set[str]:
    """Also the sObjects that rows look up to: a child lands in the run in which its parent does."""
    above = {parent for each in shelf.mappings if each.to in sobjects for parent in shelf.parents_of(each)}
    return sobjects if above <= sobjects else _with_parents(shelf, sobjects | above)
