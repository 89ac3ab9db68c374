"""A problem in a file that a person wrote: where it is, what it is, what was probably meant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

Where = tuple[str | int, ...]
"""The way to a place in a file: ("fields", "Total__c", "from")."""
Spot = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to correct; as text it starts with file:line:column, so that editors jump there."""

    path: str
    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.text}"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the keys and the values of a file stand."""

    keys: Mapping[Where, Spot] = field(default_factory=dict)
    values: Mapping[Where, Spot] = field(default_factory=dict)

    def key(self, where: Where) -> Spot:
        """The place of a key, or of the nearest thing around it."""
        return self.keys.get(where) or self.value(where)

    def value(self, where: Where) -> Spot:
        """The place of a value, or of the nearest thing around it."""
        while where and where not in self.values:
            where = where[:-1]
        return self.values.get(where, (1, 1))


@dataclass(slots=True)
class Findings:
    """The problems of one file as they are found."""

    path: str
    places: Places = field(default_factory=Places)
    problems: list[Problem] = field(default_factory=list)

    def at_key(self, where: Where, text: str) -> None:
        """Notes a problem at a key."""
        self.problems.append(Problem(self.path, *self.places.key(where), text))

    def at_value(self, where: Where, text: str) -> None:
        """Notes a problem at a value."""
        self.problems.append(Problem(self.path, *self.places.value(where), text))

    def sorted(self) -> tuple[Problem, ...]:
        """All problems by place, each once."""
        return tuple(sorted(set(self.problems)))


def near_miss(word: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?` when a known word is close, ignoring case, else nothing."""
    folded = {each.casefold(): each for each in known}
    close = get_close_matches(word.casefold(), folded, 1, 0.6)
    return f'; did you mean "{folded[close[0]]}"?' if close else ""


def shown(path: Path) -> str:
    """The path as people know it: relative to the working folder when it lies below it."""
    absolute = path.absolute()
    return str(absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute)
