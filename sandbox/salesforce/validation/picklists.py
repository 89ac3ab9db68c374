"""Picklists: a restricted one takes its own values only, an open one any text up to 255 (verified)."""

from collections.abc import Callable
from dataclasses import replace

from sandbox.salesforce.errors import Refusal
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.shape import Field
from sandbox.salesforce.validation.text import as_text, text

OPEN_LENGTH = 255


def picklist(field: Field) -> Callable[[Json], Json]:
    """Accepts one value; a restricted one matches without case and is stored as defined (inferred)."""
    if not field.restricted:
        return text(replace(field, length=max(field.length, OPEN_LENGTH)))
    stored = {choice.value.lower(): choice.value for choice in field.choices}

    def accept(value: Json) -> Json:
        value = as_text(value)
        if not value.strip():
            return None
        found = stored.get(value.lower())
        return found if found is not None else _bad(field, value)

    return accept


def multipicklist(field: Field) -> Callable[[Json], Json]:
    """Accepts "A;B;C", each part like a picklist value; parts named twice count once (inferred)."""
    one = picklist(field)

    def accept(value: Json) -> Json:
        parts = [part.strip() for part in as_text(value).split(";") if part.strip()]
        taken = [one(part) for part in parts]
        refused = next((part for part in taken if isinstance(part, Refusal)), None)
        return refused or ";".join(dict.fromkeys(taken)) or None

    return accept


def _bad(field: Field, value: str) -> Refusal:
    message = f"{field.label}: bad value for restricted picklist field: {value}"
    return Refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, (field.name,))
