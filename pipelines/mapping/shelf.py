"""All mappings of a folder: the good ones in loading order, the broken ones with their problems."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.mapping.model import Mapping
from pipelines.mapping.problem import Problem


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that cannot be used, and why; ``to`` and ``object`` as far as they could be read."""

    name: str
    path: Path
    to: str | None
    object: str | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """What a folder of mappings holds; the same one as long as its files say the same."""

    mappings: tuple[Mapping, ...]
    broken: tuple[Broken, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem of every file, by file and place."""
        return tuple(sorted({problem for each in self.broken for problem in each.problems}))

    def for_sobject(self, name: str) -> Mapping | None:
        """The good mapping that writes the sObject."""
        return next((each for each in self.mappings if each.to.casefold() == name.casefold()), None)

    def parents_of(self, mapping: Mapping) -> tuple[str, ...]:
        """The sObjects that its lookups name, without itself, each once, also those whose mapping is broken."""
        return tuple(dict.fromkeys(each.to for each in mapping.lookups.values() if each.to != mapping.to))

    def children_of(self, mapping: Mapping) -> tuple[str, ...]:
        """The sObjects whose good mappings look up to it, without itself."""
        return tuple(each.to for each in self.mappings if mapping.to in self.parents_of(each))
