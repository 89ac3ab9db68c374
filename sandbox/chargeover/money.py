"""Amounts are exact decimals inside and JSON numbers outside: whole ones as 99, others as 42.5 [recorded 2015]."""

from decimal import Decimal, InvalidOperation

from sandbox.chargeover.envelope import Refusal

ZERO = Decimal(0)
_DIGITS = 15


def amount(value: object, name: str = "amount") -> Decimal:
    """The amount a client sent as number or text ("4500.00"); refuses what is none.

    At most 15 significant digits, so that the JSON number read back is the number sent (ChargeOver's bound is unknown).
    """
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise Refusal.invalid(name, value)
    try:
        read = Decimal(value)
    except InvalidOperation:
        raise Refusal.invalid(name, value) from None
    if not read.is_finite() or len(read.normalize().as_tuple().digits) > _DIGITS or abs(read) >= Decimal(10) ** _DIGITS:
        raise Refusal.invalid(name, value)
    return read


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """An amount rounded half up to a currency's decimal places."""
    return value.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP")
