"""Values in SOQL."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote_plus

from more_itertools import constrained_batches

_longest_list = 10_000
"""Characters of a list in an address: address and headers may have 16,384 bytes together (REST API guide)."""


def quoted(value: str) -> str:
    """A text as a literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def lists_of(literals: Iterable[str]) -> Iterator[str]:
    """Literals for IN (...), as many at a time as an address has room for."""
    for some in constrained_batches(literals, _longest_list, get_len=lambda each: len(quote_plus(f"{each},"))):
        yield ",".join(some)
