"""What to do with one row before anything is sent: leave it, hold it, reject it, or send it."""

from dataclasses import dataclass

from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.ledger.rows import Known
from pipelines.mapping.model import Lookup
from pipelines.sync.parents import Parents
from pipelines.sync.row import Row
from pipelines.sync.writer import Writer


@dataclass(frozen=True, slots=True)
class Deferred:
    """A row whose parent is of the same sObject and may land later in this run."""

    row: Row


@dataclass(frozen=True, slots=True)
class Decider:
    """What is known when rows are decided on: landed parents, the open request, and whether to send in any case."""

    parents: Parents
    writer: Writer
    resend: bool

    def decide(self, row: Row, known: Known | None, *, last_chance: bool = False) -> Outcome | Deferred | Row:
        """An outcome when the row is not to be sent now, Deferred when a brother must land first, else the row."""
        if known is not None and not known.gone:
            if known.record_id != row.record_id or known.object != row.mapping.object:
                return _claimed(row, f"{known.object} {known.record_id}")
            if known.observed_at > row.observed_at:
                return row.outcome(Verdict.UNCHANGED, message="a later observation has landed already")
        waiting = self._missing(row)
        if waiting and not last_chance and any(lookup.to == row.mapping.to for lookup, _ in waiting):
            return Deferred(row)
        settled = _by_rule(row, waiting)
        if isinstance(settled, Outcome):
            return settled
        return self._changed(settled, known)

    def _changed(self, row: Row, known: Known | None) -> Outcome | Row:
        if known is not None and not known.gone and known.fingerprint == row.fingerprint and not self.resend:
            return row.outcome(Verdict.UNCHANGED, salesforce_id=known.salesforce_id)
        other = self.writer.pending(row.mapping.to, row.external_id)
        return _claimed(row, f"{row.mapping.object} {other}") if other is not None else row

    def _missing(self, row: Row) -> list[tuple[Lookup, str]]:
        return [
            (lookup, external_id)
            for lookup, external_id in row.parents()
            if not self.parents.have(lookup.to, external_id)
            # rows of one collection cannot name each other, those of an earlier collection of the request can
            and (lookup.to == row.mapping.to or self.writer.pending(lookup.to, external_id) is None)
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
