"""The writer: packs rows of several sObjects into one request, sends it, and records every verdict in the ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.salesforce.batch import MOST_COLLECTIONS, MOST_ROWS, Collection, Request
from pipelines.salesforce.org import Org
from pipelines.salesforce.replies import Reply
from pipelines.salesforce.status import stopping
from pipelines.sync.parents import Parents
from pipelines.sync.row import Row
from pipelines.sync.tally import Tally

OVERTAKEN_BY = "a later observation has landed already"


@dataclass(frozen=True, slots=True)
class Run:
    """The run that writes: its id, the clock, and the fingerprints of the mappings in use."""

    run_id: str
    now: Callable[[], datetime]
    fingerprints: dict[str, str]


class Writer:
    """Rows go in by dependency order; a request closes when it is full, so a parent and its children may share one."""

    def __init__(
        self, org: Org, ledger: Ledger, run: Run, keys: dict[str, str], parents: Parents, tallies: dict[str, Tally]
    ) -> None:
        self.org, self.parents, self.tallies = org, parents, tallies
        self._ledger, self._run, self._keys = ledger, run, keys
        self._groups: list[list[Row]] = []
        self._pending: dict[tuple[str, str], int] = {}

    def pending(self, sobject: str, external_id: str) -> int | None:
        """The record id of a row that travels in the open request, None when it does not."""
        return self._pending.get((sobject, external_id))

    def put(self, row: Row) -> None:
        """Add one row to the open request; sends the request first when it has no room left."""
        if not self._groups or self._groups[-1][0].mapping.to != row.mapping.to or len(self._groups[-1]) == MOST_ROWS:
            if len(self._groups) == MOST_COLLECTIONS:
                self.flush()
            self._groups.append([])
        self._groups[-1].append(row)
        self._pending[row.mapping.to, row.external_id] = row.record_id

    def flush(self) -> None:
        """Send the open request and record what became of its rows; meanwhile nobody else writes rows of the same
        customers, and what somebody has landed of a later observation stays."""
        groups, self._groups, self._pending = self._groups, [], {}
        with self._ledger.fence.hold({row.customer_id for rows in groups for row in rows}):
            current = [self._still_current(rows) for rows in groups]
            if any(current):
                self._send([rows for rows in current if rows])

    def _still_current(self, rows: list[Row]) -> list[Row]:
        """The rows of which no later observation has landed since they were decided on.

        If we die before the answers are recorded, those that had landed must not look as they did before."""
        sobject = rows[0].mapping.to
        known = self._ledger.known(sobject, (row.external_id for row in rows))
        late = {
            key: row for row in rows if (key := row.external_id) in known and known[key].observed_at > row.observed_at
        }
        self.settle([row.outcome(Verdict.UNCHANGED, message=OVERTAKEN_BY) for row in late.values()])
        self._ledger.doubt({sobject: known.keys() - late.keys()})
        return [row for row in rows if row.external_id not in late]

    def _send(self, groups: list[list[Row]]) -> None:
        replies = self.org.upsert(Request([self._collection(rows) for rows in groups]))
        answered = [pair for rows, some in zip(groups, replies, strict=True) for pair in zip(rows, some, strict=True)]
        self.settle([_outcome(row, reply) for row, reply in answered if not reply.stops])
        self._note_lag(answered)
        self._suspect_parents(answered)
        for row, reply in answered:
            if reply.stops:  # the record keeps its turn: it has no verdict, and the watermark stays
                raise stopping(reply.code, reply.message, sobject=row.mapping.to)

    def settle(self, outcomes: list[Outcome]) -> None:
        """Record verdicts, in one transaction, and count them."""
        if not outcomes:
            return
        self._ledger.record(self._run.run_id, outcomes, self._run.now(), mapping_fingerprints=self._run.fingerprints)
        for outcome in outcomes:
            self.tallies[outcome.sobject].count([outcome])
            if outcome.verdict in {Verdict.CREATED, Verdict.UPDATED}:
                self.parents.add(outcome.sobject, outcome.external_id)

    def _suspect_parents(self, answered: list[tuple[Row, Reply]]) -> None:
        """Parents that we know to have landed and Salesforce does not have: someone removed them there."""
        held = {_awaited(row, reply.message) for row, reply in answered if reply.held}
        for parent in held - {None}:
            if parent is not None and self.parents.have(*parent):
                self._ledger.suspect(*parent, self._run.now())

    def _note_lag(self, answered: list[tuple[Row, Reply]]) -> None:
        landed_at = self._run.now()
        for row, reply in answered:
            if reply.success:
                self.tallies[row.mapping.to].landed_after(row.changed_at, landed_at)

    def _collection(self, rows: list[Row]) -> Collection:
        mapping = rows[0].mapping
        return Collection(mapping.to, mapping.external_id, [row.text(self._keys) for row in rows])


def _outcome(row: Row, reply: Reply) -> Outcome:
    if reply.success:
        verdict = Verdict.CREATED if reply.created else Verdict.UPDATED
        return row.outcome(verdict, salesforce_id=reply.id)
    details = {"code": reply.code, "field": ", ".join(reply.fields), "message": reply.message}
    if reply.held:
        return row.outcome(Verdict.HELD, awaits=_awaited(row, reply.message), **details)
    return row.outcome(Verdict.REFUSED, **details)


def _awaited(row: Row, message: str) -> tuple[str, str] | None:
    """The parent that Salesforce says it does not have: "Foreign key external ID: 44 not found for field ..."."""
    named = [
        (lookup.to, external_id) for lookup, external_id in row.parents() if f": {external_id} not found" in message
    ]
    return named[0] if named else next(((lookup.to, external_id) for lookup, external_id in row.parents()), None)
