"""Comparing one mapping: sums first, which costs a few calls; then row by row what does not agree."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from pipelines.chargeover.totals import totals_of as totals_by_chargeover
from pipelines.errors import Co2sfError, FixAccess
from pipelines.ledger.ledger import Ledger
from pipelines.salesforce.org import Org
from pipelines.salesforce.totals import rows_in, totals_in
from pipelines.sync.comparing import Calls
from pipelines.sync.money.compared import Compared, Line, Part
from pipelines.sync.money.entry import SIGNAL, days, entries
from pipelines.sync.money.group import Group, Span
from pipelines.sync.money.judge import UNEXPLAINED, Difference
from pipelines.sync.money.measure import Measure
from pipelines.sync.money.second import SecondLook, Seen
from pipelines.sync.money.sums import Scales, Sum, Totals, differing, sum_of, totals_of
from pipelines.sync.source import Source


@dataclass(frozen=True, slots=True)
class Looking:
    """How mappings are compared: all months or some; ``by_record`` also finds what cancels out in a sum."""

    source: Source
    org: Org
    ledger: Ledger
    late_before: datetime
    """Every change that ChargeOver dates earlier should have landed."""
    span: Span | None = None
    by_record: bool = False

    def at(self, measures: Iterable[Measure]) -> Iterator[Compared]:
        """Compare mappings; one that cannot be compared stops only itself."""
        for measure in measures:
            if self.span is None or measure.day:
                yield self._compared(measure)

    def _compared(self, measure: Measure) -> Compared:
        before = self._calls()
        try:
            parts, trouble = self._parts(measure), ""
        except Co2sfError as error:
            parts, trouble = (), str(error)
        after = self._calls()
        spent = Calls(after.chargeover - before.chargeover, after.salesforce - before.salesforce)
        return Compared(measure, parts, trouble, spent)

    def _calls(self) -> Calls:
        mine = self.source.chargeover.calls_by_signal.get(SIGNAL, 0)
        return Calls(mine, self.org.usage.calls_made)

    def _parts(self, measure: Measure) -> tuple[Part, ...]:
        scales, totals = _scales(self.org, measure), Both({}, {})
        odd: Collection[Group] | None = None
        if not self.by_record:
            totals = Both(self._ours(measure), self._theirs(measure))
            odd = differing(totals.ours, totals.theirs, scales)
        if odd is None or odd:
            second = SecondLook(self.source, self.org, self.ledger, self.late_before)
            seen = second.look(measure, odd, self.span, scales)
            totals = totals.with_rows(seen, odd)
        return _parts_of(totals, scales)

    def _ours(self, measure: Measure) -> Totals:
        """By ChargeOver's own sums where it can and its count bears them out, else by all records."""
        where = days(measure, self.span)
        if measure.is_summable and (self.span is None or where):
            day = measure.mapping.sources_of(measure.day)[0] if measure.day else ""
            own = list(measure.amounts.values())
            asking = self.source.chargeover.on_behalf_of(SIGNAL)
            found = totals_by_chargeover(asking, measure.kind, own, measure.source_of_currency, day, where)
            if found is not None:
                return totals_of(
                    (Group(each.day[:7], each.currency), each.count,
                     {name: each.amounts[source] for name, source in measure.amounts.items()})
                    for each in found
                )  # fmt: skip
        rows = entries(self.source, measure, self.span)
        return totals_of((each.group, 1, each.amounts) for each in rows if self._wants(each.group))

    def _theirs(self, measure: Measure) -> Totals:
        """By sums where Salesforce can make them, else by all rows."""
        asked = measure.asked.between(self.span.first, self.span.last) if self.span else measure.asked
        try:
            found = list(totals_in(self.org, asked))
        except FixAccess:
            rows = rows_in(self.org, asked)
            return totals_of((Group.of(each), 1, each.amounts) for each in rows)
        return totals_of((Group.of(each), each.count, each.amounts) for each in found)

    def _wants(self, group: Group) -> bool:
        return self.span is None or self.span.holds(group)


@dataclass(frozen=True, slots=True)
class Both:
    """The totals of both sides, and the rows that differ."""

    ours: Totals
    theirs: Totals
    differences: Sequence[Difference] = field(default=())

    def with_rows(self, seen: Seen, groups: Collection[Group] | None) -> "Both":
        """With the totals of some groups (None: all) taken from the rows that were seen."""
        keep = set() if groups is None else (self.ours.keys() | self.theirs.keys()) - set(groups)
        ours = totals_of((each.group, 1, each.amounts) for each in seen.entries.values())
        theirs = totals_of((Group.of(each), 1, each.amounts) for each in seen.rows.values())
        return Both(
            {group: total for group, total in self.ours.items() if group in keep} | ours,
            {group: total for group, total in self.theirs.items() if group in keep} | theirs,
            seen.differences,
        )


def _scales(org: Org, measure: Measure) -> dict[str, int]:
    """The decimals of each amount, as Salesforce describes its field."""
    described = org.describe(measure.mapping.to)
    shape = described.shape if described else None
    missing = [name for name in measure.amounts if shape is None or name not in shape.fields]
    if shape is None or missing:
        raise FixAccess(f"Salesforce {measure.mapping.to}: {', '.join(missing)} cannot be read by our user; "
                        "co2sf check --live says more")  # fmt: skip
    return {name: shape.fields[name].scale for name in measure.amounts}


def _parts_of(totals: Both, scales: Scales) -> tuple[Part, ...]:
    groups = totals.ours.keys() | totals.theirs.keys() | {each for one in totals.differences for each in one.groups}
    return tuple(_part(group, totals, scales) for group in sorted(groups, reverse=True))


def _part(group: Group, totals: Both, scales: Scales) -> Part:
    ours, theirs = totals.ours.get(group, Sum()), totals.theirs.get(group, Sum())
    mine = tuple(each for each in totals.differences if group in each.groups)
    odd = [each for each in mine if each.why in UNEXPLAINED]
    lines = tuple(
        Line(group, name, sum_of(ours, name, scale), sum_of(theirs, name, scale), _unexplained(odd, group, name))
        for name, scale in scales.items()
    )
    return Part(group, ours.count, theirs.count, lines, mine)


def _unexplained(differences: Sequence[Difference], group: Group, name: str) -> Decimal:
    """What of a group's difference comes from these rows; one that changed its group weighs in both."""
    return sum((each.weight(group, name) for each in differences), Decimal(0))
