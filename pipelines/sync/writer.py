"""The writer: packs rows of several sObjects into one request, sends it, and has every verdict recorded."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipelines.ledger.flights import Passenger
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Verdict
from pipelines.salesforce.batch import MOST_COLLECTIONS, MOST_ROWS, Collection, Request
from pipelines.salesforce.org import Org
from pipelines.salesforce.replies import Reply
from pipelines.sync.row import Row
from pipelines.sync.run import Run
from pipelines.sync.update import Updates
from pipelines.sync.verdicts import Answer, Verdicts

OVERTAKEN_BY = "a later observation has landed already"

Replied = list[tuple[Row, Reply]]


class Writer:
    """Rows go in by dependency order; a request closes when it is full, so a parent and its children may share one."""

    def __init__(
        self, org: Org, ledger: Ledger, run: Run, keys: dict[str, str], verdicts: Verdicts, updates: Updates
    ) -> None:
        self.verdicts, self.updates = verdicts, updates
        self._org, self._ledger, self._run, self._keys = org, ledger, run, keys
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
            current = [rows for rows in map(self._still_current, groups) if rows]
            if current:
                self._send(current)

    def _still_current(self, rows: list[Row]) -> list[Row]:
        """The rows of which no later observation has landed since they were decided on, with what is to be sent."""
        sobject = rows[0].mapping.to
        if sobject in self.verdicts.stopped:
            return []
        known = self._ledger.known(sobject, (row.external_id for row in rows))
        late = {
            key: row for row in rows if (key := row.external_id) in known and known[key].observed_at > row.observed_at
        }
        self.verdicts.settle([row.outcome(Verdict.UNCHANGED, message=OVERTAKEN_BY) for row in late.values()])
        return [self.updates.of(row, known.get(row.external_id)) for row in rows if row.external_id not in late]

    def _send(self, groups: list[list[Row]]) -> None:
        """If we die before the answers are recorded, the ledger says that they were sent and not answered."""
        flight = self._ledger.depart(self._run.run_id, list(_passengers(groups)), self._run.now())
        replied = self._upserted(groups)
        again = [[new for row, reply in some if (new := self.updates.again(row, reply))] for some in replied]
        if any(again):
            replied = _replaced(replied, self._upserted([rows for rows in again if rows]))
        answers = [answer_of(row, reply) for some in replied for row, reply in some]
        self.verdicts.take(answers, flight=flight)

    def _upserted(self, groups: list[list[Row]]) -> list[Replied]:
        replies = self._org.upsert(Request([self._collection(rows) for rows in groups]))
        return [list(zip(rows, some, strict=True)) for rows, some in zip(groups, replies, strict=True)]

    def _collection(self, rows: list[Row]) -> Collection:
        mapping = rows[0].mapping
        return Collection(mapping.to, mapping.external_id, [row.text(self._keys) for row in rows])


def answer_of(row: Row, reply: Reply) -> Answer:
    """What Salesforce said of a row."""
    parents = [(lookup.to, external_id) for lookup, external_id in row.parents()]
    return Answer(row.outcome(Verdict.UNCHANGED), parents, reply, row.signs)


def _passengers(groups: Iterable[list[Row]]) -> Iterator[Passenger]:
    for row in (row for rows in groups for row in rows):
        yield Passenger(row.mapping.to, row.external_id, row.mapping.object, row.record_id)


def _replaced(first: list[Replied], second: list[Replied]) -> list[Replied]:
    """The replies with those of a second try in their places; a row that the first has created was created."""
    new = {(row.mapping.to, row.external_id): reply for some in second for row, reply in some}

    def last(row: Row, reply: Reply) -> Reply:
        found = new.get((row.mapping.to, row.external_id), reply)
        return replace(found, created=found.created or reply.created)

    return [[(row, last(row, reply)) for row, reply in some] for some in first]
