"""Months of creation: each record belongs for ever to the month in which ChargeOver created it, by the account's clock.

A month is written ``2025-01``; so written, months compare as they follow one another."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pipelines.chargeover.where import clause, lower, upper

_form = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def is_month(written: str) -> bool:
    """Whether this is a month, such as 2025-01."""
    return _form.fullmatch(written) is not None


def month_of(written: object, zone: ZoneInfo) -> str | None:
    """The month in which a moment lies that ChargeOver has written, with an offset or without; None when it is none."""
    try:
        moment = datetime.fromisoformat(str(written or ""))
    except ValueError:
        return None
    return (moment.astimezone(zone) if moment.tzinfo else moment).isoformat()[: len("2025-01")]


@dataclass(frozen=True, slots=True)
class Span:
    """The months from ``first`` to ``last``, both included; None: no matter how early, or how late."""

    first: str | None = None
    last: str | None = None

    def holds(self, month: str | None) -> bool:
        """Whether a month lies in it; what has no month counts as the earliest."""
        if month is None:
            return self.first is None
        return (self.first or month) <= month <= (self.last or month)

    def where(self, field: str, zone: ZoneInfo) -> list[str]:
        """The filter for records whose ``field`` lies in it. Records of the second after it may come along: where a
        clock is put back at midnight, midnight comes twice."""
        start = [clause(field, "GTE", lower(_begin(self.first, zone), zone))] if self.first else []
        end = [clause(field, "LTE", upper(_begin(_after(self.last), zone, fold=1), zone))] if self.last else []
        return start + end

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first or "all"
        return f"{self.first or ''}..{self.last or ''}"


def _begin(month: str, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    return datetime.strptime(month, "%Y-%m").replace(tzinfo=zone, fold=fold)


def _after(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02}"
