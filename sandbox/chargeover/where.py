"""The filter language: ``where=FIELD:OPERATOR:VALUE[,FIELD:OPERATOR:VALUE...]``, clauses joined by AND.

Inside a value ``,`` and ``:`` must be written ``\\,`` and ``\\:`` [docs: escape-syntax]. The trap, seen live in 2026: a
value with unescaped colons is cut at the first one without complaint, so a datetime becomes one of hour precision.
Fields that an object does not list as filters are refused with "You cannot filter by: X.".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.chargeover.envelope import Refusal

OPERATORS = frozenset({"EQUALS", "NOTEQUALS", "GT", "GTE", "LT", "LTE", "CONTAINS", "IS", "ISNOT"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison of a field with a value, still as text."""

    field: str
    operator: str
    value: str


def clauses_of(text: str) -> list[Clause]:
    """The clauses of a ``where`` parameter; refuses what is not of the form FIELD:OPERATOR:VALUE."""
    return [_clause(parts) for parts in _split(text)] if text else []


def _clause(parts: list[str]) -> Clause:
    if len(parts) < 3 or not parts[0] or parts[1] not in OPERATORS:
        raise Refusal(400, "Malformed WHERE clause.")
    # parts[3:] is what follows an unescaped colon inside the value: ChargeOver drops it silently.
    clause = Clause(parts[0], parts[1], parts[2])
    if clause.operator in {"IS", "ISNOT"} and clause.value != "NULL":
        raise Refusal(400, "Malformed WHERE clause.")
    return clause


def _split(text: str) -> Iterator[list[str]]:
    parts, part, letters = [], [], iter(text)
    for letter in letters:
        if letter == "\\":
            part.append(next(letters, ""))
        elif letter in ":,":
            parts.append("".join(part))
            part = []
            if letter == ",":
                yield parts
                parts = []
        else:
            part.append(letter)
    yield [*parts, "".join(part)]
