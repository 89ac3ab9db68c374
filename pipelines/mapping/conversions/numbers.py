"""Conversions to numbers: exact decimals from end to end, never a float."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from pipelines.mapping.conversions.declaring import Unfit, conversion
from pipelines.mapping.scalars import Value, number_in, rounded, truth_in

Scale = Annotated[int, Field(ge=0, le=18)]
_LIMIT = Decimal(10) ** 18
_NOT_A_NUMBER = Unfit("is not a number; correct it in ChargeOver, or map the field as text")


def _read(value: Value, scale: int | None, times: int = 1) -> Decimal | Unfit:
    found = None if isinstance(value, bool) else number_in(value)
    if found is None:
        return _NOT_A_NUMBER
    exact = found.scaleb(2) if times == 100 else found
    exact = exact if scale is None else rounded(exact, scale)
    return exact if abs(exact) < _LIMIT else Unfit("has more than 18 digits before the point, Salesforce takes 18")


@conversion(into="double currency percent int")
def number(value: Value, *, scale: Scale | None = None) -> Decimal | Unfit:
    """An exact decimal number; scale rounds to so many decimals, half to even, otherwise every decimal is sent."""
    return _read(value, scale)


@conversion(into="currency double")
def currency(value: Value, *, scale: Scale | None = None) -> Decimal | Unfit:
    """An exact amount of money; nothing is rounded unless scale says to how many decimals (half to even)."""
    return _read(value, scale)


@conversion(into="percent double")
def percent(value: Value, *, scale: Scale | None = None, fraction: bool = False) -> Decimal | Unfit:
    """A percentage as Salesforce holds it, 5 for 5 %; fraction: true says that the source writes 0.05 for it."""
    return _read(value, scale, 100 if fraction else 1)


@conversion(into="int double long")
def integer(value: Value) -> int | Unfit:
    """A whole number; 44.0 is one, 44.5 is not."""
    found = _read(value, None)
    if isinstance(found, Unfit):
        return found
    return int(found) if found == found.to_integral_value() else Unfit("is not a whole number; map it as number")


@conversion(into="boolean", nothing=False)
def checkbox(value: Value) -> bool | Unfit:
    """True or false, also written 1, 0, "true", "false"; nothing becomes false, a checkbox has no third state."""
    found = truth_in(value)
    return Unfit("is neither true nor false; list it under choices") if found is None else found
