"""How ChargeOver is asked for a part of its records: clauses joined by comma, all of which must hold."""

from datetime import datetime
from zoneinfo import ZoneInfo


def clause(field: str, operator: str, value: str | int) -> str:
    """One clause ``field:OPERATOR:value``; an unescaped colon would silently cut the value (escape syntax page)."""
    escaped = str(value).replace(",", r"\,").replace(":", r"\:")
    return f"{field}:{operator}:{escaped}"


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """An instant as ChargeOver reads it: ISO 8601 with the account's offset, resolution one second."""
    return instant.astimezone(zone).replace(microsecond=0).isoformat()
