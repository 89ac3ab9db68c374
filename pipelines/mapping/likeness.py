"""Likeness: whether what Salesforce holds is what was sent, by whatever form a type of field is kept and shown in.

Only a hash is known of what was sent in the past: it is compared with those of all that may have become such a value.
What was sent just now is known in words, and compared with allowance for what Salesforce does to it."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

from pipelines.mapping.becoming import printed
from pipelines.mapping.scalars import Value, number_in, plain, text_of, truth_in
from pipelines.mapping.shape import FieldShape

NUMBERS = frozenset({"int", "double", "currency", "percent", "long"})
_PICKED = frozenset({"picklist", "multipicklist", "combobox"})
CERTAIN = frozenset({"boolean", "date", "time", "int", "reference"})
"""Types of which each value is kept as it was sent: another one was never sent."""

_TAG = re.compile(r"<[^>]*>")


def fragments(name: str, held: Value, shape: FieldShape) -> Iterator[str]:
    """The parts of a payload, such as ``"Total__c":12.5``, that would have become what is held."""
    yield from dict.fromkeys(f'"{name}":{printed(each)}' for each in _origins(held, shape.type))


def alike(sent: Value, held: Value, shape: FieldShape, *, is_rich: bool = False) -> bool:
    """Whether a value that was sent is held now; ``is_rich``: as the markup of a rich text area, which is rewritten."""
    if is_rich:
        return _words(sent) == _words(held)
    if shape.type in NUMBERS:
        return _same_number(sent, held, shape.scale)
    form = _FORMS.get(shape.type, _text)
    return form(sent) == form(held)


def _origins(held: Value, kind: str) -> Iterator[Value]:
    """What may have been sent: Salesforce also takes numbers and truth as text, and numbers for text."""
    if held is None or (isinstance(held, str) and not held.strip()):
        yield from (None, False) if kind == "boolean" else (None,)
    elif kind == "boolean":
        truth = truth_in(held)
        yield from (truth, text_of(truth))
    elif kind in NUMBERS:
        number = number_in(held)
        yield from (number, None if number is None else plain(number))
    elif kind == "datetime":
        moment = _moment(held)
        yield from (moment, held)
    else:
        yield held
        yield from _numbers(held)


def _numbers(held: Value) -> Iterator[Value]:
    number = number_in(held)
    if number is not None and plain(number) == held:
        yield number


def _same_number(sent: Value, held: Value, scale: int) -> bool:
    """Salesforce keeps doubles, and cuts or rounds surplus decimals: which of both is not published."""
    ours, theirs = number_in(sent), number_in(held)
    if ours is None or theirs is None:
        return ours is theirs
    step = Decimal(1).scaleb(-scale)
    is_surplus = ours % step != 0 and abs(ours - theirs) < step
    return ours == theirs or is_surplus or float(ours) == float(theirs)


def _text(value: Value) -> str | None:
    """Blank is null; blanks around a text and the kind of its line ends may not survive."""
    text = text_of(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    return text or None


def _picks(value: Value) -> frozenset[str]:
    """Picklists match without case and keep the value as defined; the order of several says nothing."""
    return frozenset(part.strip().casefold() for part in text_of(value).split(";") if part.strip())


def _truth(value: Value) -> bool:
    return bool(truth_in(value))


def _moment(value: Value) -> str | None:
    """To the second, in UTC; a moment without zone is read as UTC."""
    text = text_of(value).strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text or None
    aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return aware.strftime("%Y-%m-%dT%H:%M:%SZ")


def _mail(value: Value) -> str | None:
    return (_text(value) or "").casefold() or None


def _page(value: Value) -> str | None:
    """The protocol may have been added."""
    return (_text(value) or "").removeprefix("http://") or None


def _id(value: Value) -> str | None:
    """An id has 15 characters, and 3 more that follow from them."""
    return text_of(value).strip()[:15] or None


def _words(value: Value) -> list[str]:
    return html.unescape(_TAG.sub(" ", text_of(value))).split()


_FORMS: dict[str, Callable[[Value], object]] = {
    "boolean": _truth,
    "datetime": _moment,
    "email": _mail,
    "url": _page,
    "reference": _id,
    "id": _id,
    **dict.fromkeys(_PICKED, _picks),
}
