"""Conversions of values with an inner structure: Salesforce ids and JSON."""

import json
import re
from decimal import Decimal

from pipelines.mapping.conversions.declaring import Unfit, conversion
from pipelines.mapping.conversions.texts import Length, fitted
from pipelines.mapping.frame import json_text
from pipelines.mapping.scalars import Value, clean, text_of

_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?\Z")
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


@conversion(into="reference id string")
def id_(value: Value) -> str | Unfit:
    """A Salesforce id of 15 or 18 characters, sent with 18; the last three are a checksum and are checked."""
    given = text_of(value).strip()
    if not _ID.match(given):
        return Unfit("is not a Salesforce id of 15 or 18 letters and digits")
    full = given[:15] + checksum(given[:15])
    return full if given in {full, full[:15]} else Unfit(f"is not a Salesforce id: its end would be {full[15:]}")


def checksum(short: str) -> str:
    """The three characters that make an id of 15 characters safe where case is ignored: capitals as bits of five."""
    return "".join(_CHECK[sum(short[at + bit].isupper() << bit for bit in range(5))] for at in (0, 5, 10))


@conversion(into="textarea string")
def json_(value: Value, *, max_: Length | None = None) -> str | Unfit:
    """JSON as compact text, numbers unchanged; what is not JSON is rejected."""
    try:
        parsed = json.loads(text_of(value), parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse)
        compact = json_text(parsed)
    except (ValueError, RecursionError, ArithmeticError):
        return Unfit("is not JSON")
    return fitted(clean(compact), max_, "reject")


def _refuse(constant: str) -> None:
    raise ValueError(constant)
