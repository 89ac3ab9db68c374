"""Values as YAML text that the mapping reader reads back as they are."""

import json
import re

from pipelines.mapping.scalars import clean

_PLAIN = re.compile(r"(-?[0-9]|[A-Za-z_])[A-Za-z0-9_./+@()&'%$ -]*(:[A-Za-z0-9_/.+-]+[A-Za-z0-9_./+@() -]*)*\Z")
_NOTHING = {"null", "~", ""}


def scalar(value: str | None) -> str:
    """One value, quoted only where it must be."""
    if value is None:
        return "null"
    text = clean(value)
    is_plain = _PLAIN.match(text) and text == text.strip() and text.casefold() not in _NOTHING
    return text if is_plain else json.dumps(text, ensure_ascii=False)
