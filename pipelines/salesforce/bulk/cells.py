"""One row as the cells of a CSV file, or the finding that CSV cannot carry it."""

import json
import re
from collections.abc import Iterator

NULL = "#N/A"
"""What a cell says to empty its field; an empty cell leaves the field as it is (Bulk API guide)."""
LONGEST_CELL_BYTES = 131_072
LONGEST_ROW_BYTES = 400_000
"""Salesforce counts characters (Bulk API limits); bytes are never fewer, however it counts."""

_BARE = re.compile(r"[\w.:#/+-]*", re.ASCII)
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class CannotTravelError(Exception):
    """CSV would say something else than the row does."""


def cells_of(text: str) -> dict[str, str]:
    """The cells of a row by column, ready to be written; numbers stay as they are spelled, absent stays absent."""
    try:
        row = json.loads(text, parse_float=str, parse_int=str, parse_constant=_no_number)
    except ValueError:
        raise CannotTravelError from None
    cells = {column: quoted(_cell(value)) for column, value in _flat(row)}
    sizes = [len(cell.encode()) for cell in cells.values()]
    if max(sizes, default=0) > LONGEST_CELL_BYTES or sum(sizes) + len(sizes) > LONGEST_ROW_BYTES:
        raise CannotTravelError
    return cells


def quoted(text: str) -> str:
    """The text as a cell; nothing is trimmed, and line ends must stand in quotes (Bulk API guide)."""
    return text if _BARE.fullmatch(text) else '"' + text.replace('"', '""') + '"'


def _flat(row: dict[str, object]) -> Iterator[tuple[str, object]]:
    """Columns with their values: a parent's key is the column ``Rel__r.Ext__c`` (Bulk API guide)."""
    for name, value in row.items():
        if not isinstance(value, dict):
            yield name, value
        elif len(value) == 1 and None not in value.values():
            (key, reference), *_ = value.items()
            yield f"{name}.{key}", reference
        else:
            # a nested null is refused over REST; what it does in CSV is unknown
            raise CannotTravelError


def _cell(value: object) -> str:
    if value is None or value == "":
        return NULL
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str) or value == NULL or _UNSAFE.search(value):
        raise CannotTravelError
    return value


def _no_number(name: str) -> float:
    raise ValueError(name)
