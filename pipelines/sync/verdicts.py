"""From replies to verdicts: recorded in the ledger, counted in the tally, told to rows that wait for a parent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.salesforce.replies import Reply
from pipelines.salesforce.status import SObjectStopped, stopping
from pipelines.sync.lag import UNKNOWN, Signs
from pipelines.sync.parents import Parents
from pipelines.sync.run import Run
from pipelines.sync.tally import Tally

_look_again = frozenset({"INVALID_FIELD_FOR_INSERT_UPDATE", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"})
"""Codes by which an org says that it is not as it was described."""

Named = tuple[str, str]
"""A row by sObject and external id."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Salesforce said of one row; ``row`` is an outcome whose verdict is not known yet."""

    row: Outcome
    parents: Sequence[Named]
    reply: Reply
    signs: Signs = UNKNOWN

    @property
    def outcome(self) -> Outcome:
        """The verdict."""
        reply = self.reply
        if reply.success:
            verdict = Verdict.CREATED if reply.created else Verdict.UPDATED
            return replace(self.row, verdict=verdict, salesforce_id=reply.id)
        verdict = Verdict.HELD if reply.held else Verdict.REFUSED
        fields = ", ".join(reply.fields)
        return replace(self.row, verdict=verdict, code=reply.code, field=fields, message=reply.message,
                       awaits=self.awaited)  # fmt: skip

    @property
    def awaited(self) -> Named | None:
        """The parent that Salesforce says it does not have: "Foreign key external ID: 44 not found for field ..."."""
        if not self.reply.held:
            return None
        named = (parent for parent in self.parents if f": {parent[1]} not found" in self.reply.message)
        return next(named, next(iter(self.parents), None))


class Verdicts:
    """Where all verdicts of one writer go; ``stopped`` holds, for all writers, the sObjects that do not fit the org."""

    def __init__(
        self,
        ledger: Ledger,
        run: Run,
        tallies: dict[str, Tally],
        stopped: dict[str, SObjectStopped],
    ) -> None:
        self.parents, self.tallies, self.stopped = Parents(ledger), tallies, stopped
        self._ledger, self._run = ledger, run

    def settle(self, outcomes: Sequence[Outcome], *, flight: int | None = None) -> None:
        """Record verdicts, in one transaction with the end of the request that brought them, and count them."""
        if not outcomes and flight is None:
            return
        self._ledger.record(self._run.run_id, outcomes, self._run.now(),
                            mapping_fingerprints=self._run.fingerprints, flight=flight)  # fmt: skip
        for outcome in outcomes:
            self.tallies[outcome.sobject].count([outcome])
            if outcome.verdict in {Verdict.CREATED, Verdict.UPDATED}:
                self.parents.add(outcome.sobject, outcome.external_id)

    def take(self, answers: Sequence[Answer], *, flight: int | None = None) -> None:
        """Settle what was answered; raises what stops the run. Rows of an sObject that does not fit the org keep their
        turn: they have no verdict, and its watermark stays."""
        self.settle([each.outcome for each in answers if not each.reply.stops], flight=flight)
        self._note_lag(answers)
        self._suspect_parents({each.awaited for each in answers})
        for sobject in {each.row.sobject for each in answers if each.reply.code in _look_again}:
            self._ledger.doubt_look(sobject)
        for sobject, reply in {each.row.sobject: each.reply for each in answers if each.reply.stops}.items():
            self.stop(sobject, reply)

    def stop(self, sobject: str, reply: Reply) -> None:
        """Nothing more is sent of an sObject that does not fit the org; any other fault that stops is raised."""
        error = stopping(reply.code, reply.message, sobject=sobject)
        if not isinstance(error, SObjectStopped):
            raise error
        self.stopped.setdefault(sobject, error)

    def _suspect_parents(self, held: set[Named | None]) -> None:
        """Parents that we know to have landed and Salesforce does not have: someone removed them there."""
        for parent in held - {None}:
            if parent is not None and self.parents.have(*parent):
                self._ledger.suspect(parent[0], [parent[1]], "missing in Salesforce", self._run.now())

    def _note_lag(self, answers: Sequence[Answer]) -> None:
        landed_at = self._run.now()
        for each in answers:
            if each.reply.success:
                self.tallies[each.row.sobject].landed(each.signs, landed_at)
