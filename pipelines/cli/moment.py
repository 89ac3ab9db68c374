"""How a person says a moment: a date, a date with a time, or how long ago."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

_units = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Moment(click.ParamType[datetime]):
    """``2026-03-01``, ``2026-03-01T14:30`` (by this machine's clock unless it says an offset), or ``90m``, ``24h``,
    ``7d``, ``4w`` for so long ago."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:  # noqa: ANN401
        """An aware moment."""
        if isinstance(value, datetime):
            return value
        if ago := re.fullmatch(r"(\d{1,5})([mhdw])", value):
            return datetime.now(UTC) - timedelta(**{_units[ago[2]]: int(ago[1])})
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError:
            self.fail(
                f"{value!r} is no moment; write 2026-03-01, 2026-03-01T14:30, or 24h or 7d for so long ago", param, ctx
            )
