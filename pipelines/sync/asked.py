"""What a person asks to be read again: records, each by object and id, or mappings by the names of their files."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipelines.chargeover.catalog import CATALOG
from pipelines.errors import EditFile
from pipelines.mapping.model import Mapping
from pipelines.mapping.problem import near_miss
from pipelines.mapping.shelf import Shelf

ASKED = "asked"
"""The signal of a hint that a person has given."""

_largest_id = 2**63 - 1  # what the ledger can keep


def records_of(words: Sequence[str], shelf: Shelf) -> dict[str, set[int]]:
    """Ids by object, from words such as invoice:10041; EditFile says of every wrong one what is wrong."""
    problems = [problem for word in words for problem in _problems(word, shelf)]
    if not words:
        problems = ["no record is named; write object and id, such as invoice:10041"]
    if problems:
        raise EditFile("; ".join(dict.fromkeys(problems)))
    found: dict[str, set[int]] = {}
    for name, _, number in (word.strip().partition(":") for word in words):
        found.setdefault(name, set()).add(int(number))
    return found


def mapping_of(word: str, shelf: Shelf) -> Mapping:
    """The mapping with this name, that of its file or of the sObject that it writes; EditFile when there is none, or
    what is wrong in its file."""
    wanted = Path(word).stem
    for broken in shelf.broken:
        if broken.name == wanted:
            raise EditFile("\n".join(map(str, broken.problems)))
    for mapping in shelf.mappings:
        if wanted in {mapping.name, mapping.to}:
            return mapping
    names = [each.name for each in shelf.mappings]
    raise EditFile(f"no mapping is called {word!r}{near_miss(wanted, names)}; there are {', '.join(names) or 'none'}")


def mappings_of(words: Sequence[str], shelf: Shelf) -> list[Mapping]:
    """The mappings with these names, each once."""
    if not words:
        raise EditFile("no mapping is named; write the name of a mapping file, such as invoices")
    return list({each.name: each for each in (mapping_of(word, shelf) for word in words)}.values())


def check_object(name: str, shelf: Shelf) -> None:
    """Raise EditFile when there is no such object, or no mapping reads it."""
    for problem in _of_object(name, shelf):
        raise EditFile(problem)


def _problems(word: str, shelf: Shelf) -> Iterator[str]:
    name, _, number = word.strip().partition(":")
    if not (number.isascii() and number.isdecimal() and 0 < int(number) <= _largest_id):
        yield f"{word!r} names no record; write object and id, such as invoice:10041"
    else:
        yield from _of_object(name, shelf)


def _of_object(name: str, shelf: Shelf) -> Iterator[str]:
    broken = [each for each in shelf.broken if each.object == name]
    if broken and not any(each.object == name for each in shelf.mappings):
        yield from (str(problem) for each in broken for problem in each.problems)
    elif name not in CATALOG:
        yield f"ChargeOver has no object {name!r}{near_miss(name, CATALOG)}; there are {_listed(CATALOG)}"
    elif not any(each.object == name for each in shelf.mappings):
        yield f"no mapping reads {name!r}; those that are read: {_listed({each.object for each in shelf.mappings})}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
