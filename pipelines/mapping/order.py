"""The order in which mappings are loaded: parents before children, cycles named."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter


def in_order(parents: Mapping[str, Iterable[str]]) -> list[str]:
    """The names, each after its parents, alphabetical among equals; own parents are fine, cycles left out."""
    loops = {name for cycle in cycles(parents) for name in cycle}
    sorter = TopologicalSorter(
        {name: {each for each in above if each != name and each in parents} - loops for name, above in parents.items()}
    )
    sorter.prepare()
    found: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        found += ready
        sorter.done(*ready)
    return [name for name in found if name not in loops]


def cycles(parents: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Rings of names of which each needs the next, each ring once; a name that is its own parent is none."""
    left = {name: {each for each in above if each != name and each in parents} for name, above in parents.items()}
    found: list[tuple[str, ...]] = []
    while ring := _one_cycle(left):
        found.append(ring)
        left = {name: above - set(ring) for name, above in left.items() if name not in ring}
    return found


def _one_cycle(parents: Mapping[str, set[str]]) -> tuple[str, ...]:
    try:
        TopologicalSorter(parents).prepare()
    except CycleError as error:
        ring: list[str] = error.args[1][:-1]
        first = ring.index(min(ring))
        return tuple(reversed(ring[first + 1 :] + ring[: first + 1]))
    return ()
