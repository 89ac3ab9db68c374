"""Example values of fields, from a few records of the account: nothing that lets anybody in, and no card data."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.object import Object
from pipelines.chargeover.records import id_of, read_one
from pipelines.mapping.frame import json_text
from pipelines.mapping.rows import is_empty
from pipelines.mapping.scalars import clean, text_of

WITHHELD = "(not shown)"
_listed, _whole = 50, 3
_longest = 40
_lets_in = re.compile(r"(^|_)token$|^url_(?!self)|(paymethod|transaction)_detail$|ipaddr$")
_of_payment_methods = re.compile(r"(_id|^type|^type_name|^write_datetime)$")
_card_number = re.compile(r"(?:[0-9][ -]?){12,18}[0-9]")


def examples(chargeover: ChargeOver, source: str) -> dict[str, str]:
    """Field to a value that a few records of the source have, or why it is not shown; a field without one is left out.

    Costs 1 call for a page of 50 records and up to 3 for single ones, which alone show children."""
    name, _, children = source.partition(".")
    kind = CATALOG[name]
    found: dict[str, str] = {}
    for record in _records(chargeover, kind, children):
        for field, value in record.items():
            if field not in found and not _is_nothing(value):
                found[field] = _shown(name, field, value)
    return found


def _records(chargeover: ChargeOver, kind: Object, children: str) -> Iterator[Mapping[str, Any]]:
    rows = chargeover.page(kind.name, [], order=kind.key, limit=_listed).rows
    whole = [one for row in rows[-_whole:] for one in read_one(chargeover, kind, id_of(kind, row)).rows]
    if children:
        yield from (child for row in whole for child in _dicts(row.get(children)))
        yield from ({f"{kind.name}.{name}": value for name, value in row.items()} for row in whole)
    else:
        yield from (*whole, *rows)


def _dicts(found: object) -> Iterable[Mapping[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _is_nothing(value: object) -> bool:
    return value in ([], {}) if isinstance(value, list | dict) else is_empty(value)  # type: ignore[arg-type]


def _shown(name: str, field: str, value: Any) -> str:  # noqa: ANN401 - what JSON holds
    own = field.removeprefix(f"{name}.")
    text = clean(json_text(value) if isinstance(value, list | dict) else text_of(value)).replace("\n", " ")
    if _lets_in.search(own) or (name in {"creditcard", "ach"} and not _of_payment_methods.search(own)):
        return WITHHELD
    if any(_is_card(found.group()) for found in islice(_card_number.finditer(text), 100)):
        return WITHHELD
    return text if len(text) <= _longest else f"{text[: _longest - 1]}…"


def _is_card(text: str) -> bool:
    """Whether digits have the check digit of a card number (Luhn)."""
    digits = [int(each) for each in text if each.isdigit()][::-1]
    doubled = (sum(divmod(2 * each, 10)) for each in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
