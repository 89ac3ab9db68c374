"""How one raw value is read leniently and printed plainly: the same reading for frames and for conversions."""

import re
from decimal import Context, Decimal, InvalidOperation

Value = str | int | Decimal | bool | None

_WHOLE = re.compile(r"[+-]?[0-9]+\Z")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\Z")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_EXACT = Context(prec=400)
_WIDEST = 60  # digits; beyond it a number would print as a page of zeros
TRUTH = {"true": True, "1": True, "false": False, "0": False}


def number_in(raw: object) -> Decimal | None:
    """The exact number in ``raw``, or None when there is none that is finite; a float is a TypeError."""
    if isinstance(raw, float):
        raise TypeError(f"the float {raw!r} must not reach a mapping: read JSON numbers as Decimal")
    if isinstance(raw, str):
        raw = raw.strip()
        return _sane(Decimal(raw)) if len(raw) < 400 and _NUMBER.match(raw) else None
    if isinstance(raw, int):
        return _sane(Decimal(raw))
    return _sane(raw) if isinstance(raw, Decimal) else None


def _sane(number: Decimal) -> Decimal | None:
    if not number.is_finite() or (number and number.adjusted() > _WIDEST):
        return None
    return number if number and number.adjusted() >= -_WIDEST else Decimal(0)


def whole_in(raw: object) -> int | None:
    """The whole number in ``raw`` ("44", 44, 44.0), or None when there is none."""
    if isinstance(raw, str) and len(raw) < 400 and _WHOLE.match(raw.strip()):
        return int(raw)
    number = number_in(raw)
    return int(number) if number is not None and number == number.to_integral_value() else None


def truth_in(raw: object) -> bool | None:
    """True or false from true, false, 1, 0 in any spelling; None for everything else."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, (int, Decimal)):
        number = number_in(raw)
        return None if number is None else TRUTH.get(plain(number))
    return TRUTH.get(raw.strip().lower()) if isinstance(raw, str) and len(raw) < 20 else None


def rounded(number: Decimal, decimals: int) -> Decimal:
    """``number`` to so many decimals, half to even."""
    try:
        return number.quantize(Decimal(1).scaleb(-decimals), context=_EXACT)
    except InvalidOperation:
        return number


def plain(number: Decimal | int) -> str:
    """The number as people write it: "42.5", "99", never 1E+2, never -0, no trailing zeros."""
    text = format(number, "f") if isinstance(number, Decimal) else str(int(number))
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def text_of(value: Value) -> str:
    """A raw value as text: numbers plain, truth as true or false, nothing as the empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else plain(value)


def marked(written: object) -> object:
    """A constant written without a conversion: true and false are truth, blank is nothing, everything else is text."""
    if written is None or (isinstance(written, str) and not written.strip()):
        return None
    return {"true": True, "false": False}.get(written, written) if isinstance(written, str) else written


def clean(text: str) -> str:
    """Text that Salesforce can store: no control characters but tab and line ends, no half surrogates."""
    if text.isprintable():
        return text
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def sound(text: str) -> str:
    """Text that UTF-8 can hold: half surrogates, which JSON lets through, become the replacement character."""
    return _SURROGATE.sub("\ufffd", text)


def quoted(raw: object, most: int = 80) -> str:
    """The value in quotes on one line, cut to ``most`` characters, for a message."""
    text = clean(raw if isinstance(raw, str) else text_of(raw) if isinstance(raw, (int, Decimal)) else str(raw))
    text = text[: most + 1].replace("\n", " ").replace("\r", " ")
    return f'"{text}"' if len(text) <= most else f'"{text[: most - 1]}…"'
