"""Moment: how a person says one."""

import re
from datetime import datetime, timedelta

from pipelines.errors import EditFile

_units = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str, now: datetime) -> datetime:
    """The moment of ``2026-03-01``, ``2026-03-01T14:30`` (by this machine's clock unless it says an offset), or of
    ``90m``, ``24h``, ``7d``, ``4w`` before ``now``; EditFile for what is none."""
    if ago := re.fullmatch(r"(\d{1,5})([mhdw])", text):
        return now - timedelta(**{_units[ago[2]]: int(ago[1])})
    try:
        return datetime.fromisoformat(text).astimezone(now.tzinfo)
    except ValueError:
        raise EditFile(
            f"{text!r} is no moment; write 2026-03-01, 2026-03-01T14:30, or 24h or 7d for so long ago"
        ) from None
