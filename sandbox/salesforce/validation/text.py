"""Text fields: any scalar up to the length; an email must look like one."""

import re
from collections.abc import Callable
from typing import Final

from sandbox.salesforce.errors import Refusal, UnreadableError
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.shape import Field

# Inferred: the vendor does not publish its rule. One @, no blanks, a dotted domain with a letter-only end.
EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)


def as_text(value: Json) -> str:
    """A JSON scalar as text; numbers and booleans are accepted (inferred), an object or list is a parser error."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise UnreadableError("string", value)


def units(text: str) -> int:
    """Length in UTF-16 units: how astral characters count is unknown, two is the stricter reading."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def text(field: Field) -> Callable[[Json], Json]:
    """Accepts text up to the length; longer is STRING_TOO_LONG with the label (verified); blank is null (inferred)."""
    limit, name, label = field.length, field.name, field.label

    def accept(value: Json) -> Json:
        if value.__class__ is not str:
            value = as_text(value)
        if units(value) > limit:
            message = f"{label}: data value too large: {value} (max length={limit})"
            return Refusal("STRING_TOO_LONG", message, (name,))
        return value if value.strip() else None

    return accept


def email(field: Field) -> Callable[[Json], Json]:
    """Accepts an email address, else INVALID_EMAIL_ADDRESS with the label (verified text)."""
    fits = text(field)

    def accept(value: Json) -> Json:
        value = fits(value)
        if isinstance(value, str) and not EMAIL.fullmatch(value):
            return Refusal("INVALID_EMAIL_ADDRESS", f"{field.label}: invalid email address: {value}", (field.name,))
        return value

    return accept
