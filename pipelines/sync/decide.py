"""What to do with one row before anything is sent: leave it, hold it, reject it, or send it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.ledger.owed import Owed
from pipelines.ledger.rows import Known
from pipelines.mapping.model import Lookup
from pipelines.sync.parents import Parents
from pipelines.sync.row import Row
from pipelines.sync.update import Updates
from pipelines.sync.writer import OVERTAKEN_BY


@dataclass(frozen=True, slots=True)
class Deferred:
    """A row whose parent may land later in this run."""

    row: Row


@dataclass(frozen=True, slots=True)
class Resting:
    """A row that Salesforce refused as it is, and whose next try is not due yet."""

    outcome: Outcome


Decision = Outcome | Deferred | Resting | Row


class Open(Protocol):
    """The rows that travel together next."""

    def pending(self, sobject: str, external_id: str) -> int | None:
        """The record id of one of them, None when it is not among them."""


@dataclass(frozen=True, slots=True)
class Decider:
    """What is known when rows are decided on: landed parents, what is about to be sent, what was refused, the time."""

    parents: Parents
    open: Open
    updates: Updates
    refused: dict[str, Owed]
    now: datetime
    resend: bool

    def decide(self, row: Row, known: Known | None, *, last_chance: bool = False) -> Decision:
        """An outcome, or why the row is not to be sent now, else the row."""
        if known is not None:
            is_own = known.record_id == row.record_id and known.object == row.mapping.object
            if not is_own and not known.gone:
                return _claimed(row, f"{known.object} {known.record_id}")
            if is_own and known.observed_at > row.observed_at:  # also of a row that has gone since
                return row.outcome(Verdict.UNCHANGED, message=OVERTAKEN_BY)
        waiting = self._missing(row)
        if waiting and not last_chance:
            return Deferred(row)
        settled = _by_rule(row, waiting)
        if isinstance(settled, Outcome):
            return settled
        return self._changed(settled, known)

    def _changed(self, row: Row, known: Known | None) -> Outcome | Resting | Row:
        if not self.resend:
            if known is not None and not known.gone and known.fingerprint == row.fingerprint:
                return row.outcome(Verdict.UNCHANGED, salesforce_id=known.salesforce_id)
            if self._rests(row):
                owed = self.refused[row.external_id]
                return Resting(row.outcome(Verdict.REFUSED, code=owed.code, field=owed.field, message=owed.message))
            if known is not None and not known.gone and row.stands(known):
                return row.standing(known)
        other = self.open.pending(row.mapping.to, row.external_id)
        if other is not None:
            return _claimed(row, f"{row.mapping.object} {other}")
        if known is None:
            return self.updates.of(row, None)
        return row.revived() if known.gone else self.updates.of(row.since(known), known)

    def _rests(self, row: Row) -> bool:
        owed = self.refused.get(row.external_id)
        if owed is None or owed.due_at is None or owed.record_id != row.record_id:
            return False
        is_same = owed.fingerprint == row.fingerprint and owed.mapping_fingerprint == row.mapping.fingerprint
        return is_same and owed.due_at > self.now

    def _missing(self, row: Row) -> list[tuple[Lookup, str]]:
        return [
            (lookup, external_id)
            for lookup, external_id in row.parents()
            if not self.parents.have(lookup.to, external_id)
            # rows of one collection cannot name each other, those of an earlier collection of the request can
            and (lookup.to == row.mapping.to or self.open.pending(lookup.to, external_id) is None)
        ]


def _by_rule(row: Row, waiting: list[tuple[Lookup, str]]) -> Outcome | Row:
    for lookup, external_id in waiting:
        text = f"{lookup.field}: {lookup.to} {external_id!r} has not landed"
        if lookup.missing == "reject":
            return row.outcome(Verdict.REJECTED, code="NO_PARENT", field=lookup.field, message=text)
        if lookup.missing == "hold":
            return row.outcome(Verdict.HELD, code="NO_PARENT", field=lookup.field, message=f"{text} yet; this row goes "
                               "by itself once it has", awaits=(lookup.to, external_id))  # fmt: skip
    return row.without(frozenset(lookup.field for lookup, _ in waiting))


def _claimed(row: Row, other: str) -> Outcome:
    mapping = row.mapping
    return row.outcome(
        Verdict.REJECTED,
        code="EXTERNAL_ID_TAKEN",
        field=mapping.external_id,
        message=f"{mapping.external_id}: {row.external_id!r} is the external id of {other} already; "
        f"two records must not share one, change {mapping.external_id} in {mapping.path.name} or the record",
    )
