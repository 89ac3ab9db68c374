"""What a draft of a mapping is made from: the catalog, and the mappings that are there."""

from pipelines.chargeover.catalog import CATALOG, vocabulary
from pipelines.chargeover.words import words
from pipelines.mapping.shelf import Shelf
from pipelines.mapping.suggestion.pairing import Origin


def origin_of(source: str) -> Origin:
    """A source as a draft needs to know it."""
    return Origin(source, vocabulary()[source], _key(source), words(source))


def _key(source: str) -> tuple[str, ...]:
    """Children that are named by the id of another object are told apart by their parent's id and it."""
    name, _, children = source.partition(".")
    if not children:
        return (CATALOG[name].key,)
    key = next(each.key for each in CATALOG[name].children if each.name == children)
    is_shared = key in {each.key for each in CATALOG.values()}
    return (f"{name}.{CATALOG[name].key}", key) if is_shared else (key,)


def parents_for(shelf: Shelf, source: str, to: str) -> dict[str, str]:
    """The sObjects that a mapping to this one may look up, each with the key of its records: itself, and those that
    other mappings load without needing it."""
    found = {
        each.to: _key(each.source)[-1] for each in shelf.mappings if each.to != to and to not in _above(shelf, each.to)
    }
    return found | {to: _key(source)[-1]}


def _above(shelf: Shelf, to: str) -> set[str]:
    """All sObjects that one needs, directly or through others."""
    found: set[str] = set()
    waiting = [to]
    while waiting:
        mapping = shelf.for_sobject(waiting.pop())
        new = set(shelf.parents_of(mapping)) - found if mapping else set()
        found |= new
        waiting += new
    return found
