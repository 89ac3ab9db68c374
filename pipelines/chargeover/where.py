"""How ChargeOver is asked for a part of its records: clauses joined by comma, all of which must hold."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def clause(field: str, operator: str, value: str | int) -> str:
    """One clause ``field:OPERATOR:value``; an unescaped colon would silently cut the value (escape syntax page)."""
    escaped = str(value).replace(",", r"\,").replace(":", r"\:")
    return f"{field}:{operator}:{escaped}"


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """An instant as ChargeOver reads it: ISO 8601 with the account's offset, resolution one second."""
    return instant.astimezone(zone).replace(microsecond=0).isoformat()


def lower(instant: datetime, zone: ZoneInfo) -> str:
    """The lower bound of a window, for an account that minds the offset and for one that compares local texts: in the
    first pass of an hour that a clock shows twice it lies before that hour, since the second pass goes back to it."""
    repeated = _repeated(instant, zone)
    return moment(instant - repeated if repeated > timedelta(0) else instant, zone)


def upper(instant: datetime, zone: ZoneInfo) -> str:
    """The upper bound of a window, as ``lower``: in the second pass of an hour it lies behind that hour, since the
    first pass had already come to its end; a started second counts as a whole one."""
    whole = instant if not instant.microsecond else instant.replace(microsecond=0) + timedelta(seconds=1)
    repeated = _repeated(whole, zone)
    return moment(whole - repeated if repeated < timedelta(0) else whole, zone)


def between(field: str, since: datetime, until: datetime, zone: ZoneInfo) -> list[str]:
    """The clauses for a window, both its ends included."""
    return [clause(field, "GTE", lower(since, zone)), clause(field, "LTE", upper(until, zone))]


def _repeated(instant: datetime, zone: ZoneInfo) -> timedelta:
    """How much of the local time an instant stands in comes twice: positive in its first pass, negative in its second,
    zero outside of it."""
    local = instant.astimezone(zone)
    other = local.replace(fold=1 - local.fold)
    return (local.utcoffset() or timedelta(0)) - (other.utcoffset() or timedelta(0))
