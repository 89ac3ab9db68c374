"""Sums by group, compared to the cent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.mapping.scalars import rounded
from pipelines.sync.money.group import Group

Scales = Mapping[str, int]
"""How many decimals each field in Salesforce has."""


@dataclass(slots=True)
class Sum:
    """How many rows there are, and the sums of their amounts by field."""

    count: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)

    def add(self, amounts: Mapping[str, Decimal | None], count: int = 1) -> None:
        """Add some rows; an empty amount adds nothing."""
        self.count += count
        for name, amount in amounts.items():
            self.amounts[name] = self.amounts.get(name, Decimal(0)) + (amount or Decimal(0))


Totals = dict[Group, Sum]


def totals_of(parts: Iterable[tuple[Group, int, Mapping[str, Decimal | None]]]) -> Totals:
    """Parts, each of so many rows, added up by group."""
    totals: Totals = {}
    for group, count, amounts in parts:
        totals.setdefault(group, Sum()).add(amounts, count)
    return totals


def differing(ours: Totals, theirs: Totals, scales: Scales) -> set[Group]:
    """The groups that do not agree in count or in a sum, once each side is rounded to the decimals of the field."""
    return {group for group in ours.keys() | theirs.keys() if not _agree(ours.get(group), theirs.get(group), scales)}


def _agree(ours: Sum | None, theirs: Sum | None, scales: Scales) -> bool:
    ours, theirs = ours or Sum(), theirs or Sum()
    same = all(sum_of(ours, name, scale) == sum_of(theirs, name, scale) for name, scale in scales.items())
    return same and ours.count == theirs.count


def sum_of(found: Sum, name: str, scale: int) -> Decimal:
    """The sum of one field: without the noise that adding up as binary fractions leaves behind."""
    return rounded(found.amounts.get(name, Decimal(0)), scale)
