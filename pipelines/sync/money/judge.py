"""Judging one row: whether both sides hold the same, and if not, whether that has a good reason."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pipelines.ledger.rows import Known
from pipelines.salesforce.totals import Held
from pipelines.sync.money.entry import Entry
from pipelines.sync.money.group import Group
from pipelines.sync.money.measure import Measure
from pipelines.sync.money.sums import Scales


class Why(StrEnum):
    """The reason why a row differs."""

    MISSING = "missing in Salesforce"
    EXTRA = "extra in Salesforce"
    CHANGED = "changed in Salesforce"
    LATE = "not noticed in time"
    OWED = "owed"
    IN_FLIGHT = "in flight"
    KEPT = "kept on purpose"
    PARENT = "its parent's day differs"


UNEXPLAINED = frozenset({Why.MISSING, Why.EXTRA, Why.CHANGED, Why.LATE})
"""Nothing that is under way will put these right."""


@dataclass(frozen=True, slots=True)
class Case:
    """One row from all sides: ``before`` and ``after`` is what the ledger knew of it before and after Salesforce was
    asked, and ``late_before`` the time up to which every change should have landed."""

    external_id: str
    entry: Entry | None
    held: Held | None
    before: Known | None
    after: Known | None
    is_owed: bool
    late_before: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """A row on which the two sides do not agree, in which fields, and why."""

    why: Why
    external_id: str
    object: str
    record_id: int | None
    """The top-level record in ChargeOver; None when none is known."""
    salesforce_id: str
    fields: tuple[str, ...]
    ours: Group | None
    theirs: Group | None
    chargeover: dict[str, Decimal | None] = field(repr=False)
    salesforce: dict[str, Decimal | None] = field(repr=False)

    @property
    def groups(self) -> set[Group]:
        """Where it weighs: in two groups when the sides disagree about its currency or day."""
        return {each for each in (self.ours, self.theirs) if each is not None}

    def weight(self, group: Group, name: str) -> Decimal:
        """How much more of an amount Salesforce has in this group by this row."""
        theirs = self.salesforce.get(name) if self.theirs == group else None
        ours = self.chargeover.get(name) if self.ours == group else None
        return (theirs or Decimal(0)) - (ours or Decimal(0))


def judged(case: Case, measure: Measure, scales: Scales) -> Difference | None:
    """The difference that a row shows, None when both sides agree or neither has it."""
    fields = _fields(case, measure, scales)
    if case.entry is None and case.held is None:
        return None
    if case.entry and case.held and not fields:
        return None
    return _difference(_why(case, measure, fields), case, measure, fields)


def unlike(entry: Entry, held: Held, measure: Measure, scales: Scales) -> tuple[str, ...]:
    """The fields in which a row differs; an amount that the mapping says nothing about cannot."""
    names = [name for name, amount in entry.amounts.items() if not _same(amount, held.amounts[name], scales[name])]
    names += [measure.currency] if entry.group.currency != held.currency else []
    return (*names, *([measure.asked.day] if entry.group.month != held.month else []))


def _fields(case: Case, measure: Measure, scales: Scales) -> tuple[str, ...]:
    return unlike(case.entry, case.held, measure, scales) if case.entry and case.held else ()


def _same(ours: Decimal | None, theirs: Decimal | None, scale: int) -> bool:
    """Salesforce cuts or rounds surplus decimals, which of both is not published; empty and zero are the same money."""
    ours, theirs = ours or Decimal(0), theirs or Decimal(0)
    step = Decimal(1).scaleb(-scale)
    return ours == theirs or (ours % step != 0 and abs(ours - theirs) < step)


def _why(case: Case, measure: Measure, fields: tuple[str, ...]) -> Why:
    if case.is_owed:
        return Why.OWED
    if case.before != case.after:
        return Why.IN_FLIGHT
    if case.entry is None:
        return _why_without_record(case, measure)
    if measure.relation and fields == (measure.asked.day,):
        return Why.PARENT
    if _has_landed(case, case.entry, measure):
        return Why.CHANGED if case.held else Why.MISSING
    return Why.LATE if _is_late(case, case.entry) else Why.IN_FLIGHT


def _why_without_record(case: Case, measure: Measure) -> Why:
    if case.after is None or case.after.gone:
        return Why.EXTRA
    return Why.KEPT if measure.mapping.on_delete == "ignore" else Why.IN_FLIGHT


def _has_landed(case: Case, entry: Entry, measure: Measure) -> bool:
    """Whether Salesforce has accepted just these amounts, this currency and this day."""
    known = case.after
    if known is None or known.gone or not known.fingerprint:
        return False
    changed = entry.row.differing(known)
    if changed is None:
        return known.fingerprint == entry.row.fingerprint
    return not changed & {*measure.amounts, measure.currency, "" if measure.relation else measure.day}


def _is_late(case: Case, entry: Entry) -> bool:
    """Whether ChargeOver's own times say that this state has been there for too long without landing."""
    known, noted = case.after, entry.noted_at
    if noted is None or noted > case.late_before:
        return False
    return known is None or noted > known.observed_at


def _difference(why: Why, case: Case, measure: Measure, fields: tuple[str, ...]) -> Difference:
    entry, held, known = case.entry, case.held, case.after
    return Difference(
        why,
        case.external_id,
        measure.mapping.object,
        entry.row.record_id if entry else known.record_id if known else None,
        held.salesforce_id if held else (known.salesforce_id if known else None) or "",
        fields,
        entry.group if entry else None,
        Group.of(held) if held else None,
        entry.amounts if entry else {},
        held.amounts if held else {},
    )
