"""Number fields and checkboxes: JSON numbers, numeric strings (verified in recorded calls), true and false."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from sandbox.salesforce.errors import Refusal, UnreadableError
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.shape import Field

INTEGER: Final = re.compile(r"[+-]?\d+")
NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")


def integer(field: Field) -> Callable[[Json], Json]:
    """Accepts a whole number or its text; more digits than the field has is NUMBER_OUTSIDE_VALID_RANGE."""
    limit = 10**field.digits

    def accept(value: Json) -> Json:
        if isinstance(value, str) and INTEGER.fullmatch(value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise UnreadableError("int", value)
        return value if -limit < value < limit else _outside(field, value)

    return accept


def decimal(field: Field) -> Callable[[Json], Json]:
    """Accepts a number or its text, stored as a double.

    Too many integer digits: NUMBER_OUTSIDE_VALID_RANGE. Too many decimals: rounded half up to the scale (inferred;
    whether the vendor rounds or cuts is unknown).
    """
    limit = 10 ** (field.precision - field.scale)
    scale, type_name = field.scale, field.type
    step = Decimal(1).scaleb(-scale)

    def accept(value: Json) -> Json:
        kind = value.__class__
        if kind is str:
            if not NUMBER.fullmatch(value):
                raise UnreadableError(type_name, value)
            given, value = value, float(value)
        elif kind is float or kind is int:
            given = value
        else:
            raise UnreadableError(type_name, value)
        if not -limit < value < limit:
            return _outside(field, given)
        if kind is int or round(value, scale) == value:
            return float(value)
        return float(Decimal(str(given)).quantize(step, ROUND_HALF_UP))

    return accept


def checkbox(_: Field) -> Callable[[Json], Json]:
    """Accepts true, false and the lower-case words "true" and "false" (verified in production use of a peer)."""
    words = {"true": True, "false": False}

    def accept(value: Json) -> Json:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value in words:
            return words[value]
        raise UnreadableError("boolean", value)

    return accept


def no_null(field: Field) -> Refusal:
    """A checkbox is never null: INVALID_TYPE_ON_FIELD_IN_RECORD (verified)."""
    return Refusal("INVALID_TYPE_ON_FIELD_IN_RECORD", f"{field.label}: value not of required type: ", (field.name,))


def _outside(field: Field, value: Json) -> Refusal:
    message = f"{field.label}: value outside of valid range on numeric field: {value}"
    return Refusal("NUMBER_OUTSIDE_VALID_RANGE", message, (field.name,))
