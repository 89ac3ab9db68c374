"""Groups: the currency and month by which amounts are added up."""

import re
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Self

from pipelines.errors import EditFile
from pipelines.salesforce.totals import Held, Total


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """Rows of one currency (such as USD) and month (such as 2026-10); empty where a row has none."""

    month: str
    currency: str

    @classmethod
    def of(cls, found: Held | Total) -> Self:
        """That of what Salesforce holds."""
        return cls(found.month, found.currency)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole months, the first and the last included."""

    first: date
    last: date

    @classmethod
    def of(cls, month: str) -> Self:
        """One month; EditFile when it is none."""
        if not re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", month):
            raise EditFile(f"--month {month!r}: write year and month, such as 2026-10")
        year, number = int(month[:4]), int(month[5:])
        return cls(date(year, number, 1), date(year, number, monthrange(year, number)[1]))

    def holds(self, group: Group) -> bool:
        """Whether the month of a group is one of them."""
        return f"{self.first:%Y-%m}" <= group.month <= f"{self.last:%Y-%m}"

    @classmethod
    def around(cls, groups: Collection[Group]) -> Self | None:
        """The months of these groups and those between; None when some have no month, or one that is no month."""
        try:
            spans = [cls.of(each.month) for each in groups]
        except EditFile:
            return None
        return cls(min(each.first for each in spans), max(each.last for each in spans)) if spans else None
