"""Chunks: parts of a request's collections, packed into calls and cut smaller when they fail."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.salesforce.batch import MOST_COLLECTIONS, MOST_ROWS, Request

PARTS = 5
"""Into how many a failed chunk is cut: one call carries them all, and 200 rows come down to one in four calls."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of one collection of a request, by their positions."""

    collection: int
    positions: list[int]
    alone: bool = False
    """In a call of its own, because it may spoil those of others."""

    @property
    def keys(self) -> list[tuple[int, int]]:
        """The rows as (collection, position)."""
        return [(self.collection, position) for position in self.positions]

    def apart(self) -> "Chunk":
        """The same rows, in a call of their own."""
        return replace(self, alone=True)

    @property
    def is_one_row(self) -> bool:
        """Whether it cannot be cut any more."""
        return len(self.positions) == 1

    def parts(self) -> list["Chunk"]:
        """The chunk in parts of a fifth."""
        size = -(-len(self.positions) // PARTS)
        return [replace(self, positions=part) for part in cut(self.positions, size)]


def whole(request: Request) -> list[Chunk]:
    """The chunks of a request that has not been sent yet."""
    return [Chunk(index, list(range(len(one.rows)))) for index, one in enumerate(request.collections)]


def packed(request: Request, chunks: Iterable[Chunk]) -> Iterator[list[Chunk]]:
    """The chunks in the order of their collections, as many together as one call may carry."""
    together: list[Chunk] = []
    for chunk in sorted(chunks, key=lambda one: (one.collection, one.positions[0])):
        alone = chunk.alone or looks_like_reference(request, chunk)
        if together and (alone or len(together) == MOST_COLLECTIONS):
            yield together
            together = []
        if alone:
            yield [chunk]
        else:
            together.append(chunk)
    if together:
        yield together


def regrouped(rows: Sequence[tuple[int, int]], tried: int) -> list[Chunk]:
    """Chunks of rows, given as (collection, position): half as large after each try, so that fewer wait together."""
    size = max(MOST_ROWS >> tried, 1)
    return [
        Chunk(wanted, part)
        for wanted in sorted({collection for collection, _ in rows})
        for part in cut([position for collection, position in rows if collection == wanted], size)
    ]


def looks_like_reference(request: Request, chunk: Chunk) -> bool:
    """Whether a text in the chunk would be taken for a reference to another part of a Composite (REST API guide)."""
    rows = request.collections[chunk.collection].rows
    return any("@{" in rows[position] for position in chunk.positions)


def cut(values: list[int], size: int) -> Iterator[list[int]]:
    """The values in pieces of a size."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
