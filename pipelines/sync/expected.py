"""Expected: what loading will probably do with staged rows, by the ledger alone: neither side is asked anything."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.mapping.frame import values_of
from pipelines.sync.decide import Decider, Deferred, Resting
from pipelines.sync.parents import Parents
from pipelines.sync.row import Row, outcomes_of
from pipelines.sync.staged import Staged
from pipelines.sync.update import Updates

MOST_ROWS = 20_000
"""Of one mapping: with more a map step would take longer than it is worth."""
_shown = 10


@dataclass(frozen=True, slots=True)
class ExpectedRow:
    """One row; ``fields`` differ from what Salesforce accepted last, or are why it will not land."""

    record: str
    external_id: str
    verdict: Verdict
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Expected:
    """Counts by verdict, and the first few rows that will not stay as they are."""

    counts: Counter[Verdict] = field(default_factory=Counter)
    rows: list[ExpectedRow] = field(default_factory=list)

    def take(self, row: ExpectedRow) -> None:
        """Count one row."""
        self.counts[row.verdict] += 1
        if row.verdict is not Verdict.UNCHANGED and len(self.rows) < _shown:
            self.rows.append(row)


class Coming:
    """The external ids that a run has staged, by sObject; read only where a parent has not landed."""

    def __init__(self) -> None:
        self._staged: dict[str, Staged] = {}
        self._ids: dict[str, frozenset[str]] = {}

    def add(self, staged: Staged) -> None:
        """The payloads of a mapping are staged."""
        self._staged[staged.mapping.to] = staged

    def of(self, sobject: str) -> Collection[str]:
        """The rows of an sObject that are on their way."""
        if sobject not in self._ids:
            staged = self._staged.get(sobject)
            self._ids[sobject] = frozenset(_external_ids(staged)) if staged else frozenset()
        return self._ids[sobject]


def expected(staged: Staged, coming: Coming, ledger: Ledger, now: datetime) -> Expected | None:
    """What will become of the rows of one mapping; None when there are too many."""
    if staged.manifest.rows["payloads"] > MOST_ROWS:
        return None
    found, mapping = Expected(), staged.mapping
    refused = {each.external_id: each for each in ledger.owed(mapping.to, verdict=Verdict.REFUSED)}
    for part in staged.payloads.parts():
        for each in outcomes_of(staged.payloads.read(part, "rejections"), mapping):
            found.take(_settled(each))
        rows = list(staged.rows(part))
        known = ledger.known(mapping.to, (row.external_id for row in rows))
        decider = Decider(_parents(rows, coming, ledger), _NONE_OPEN, Updates(), refused, now, resend=False)
        for row in rows:
            decision = decider.decide(row, known.get(row.external_id), last_chance=True)
            if isinstance(decision, Row):
                state = known.get(row.external_id)
                found.take(_sent(decision, is_there=state is not None and not state.gone))
            elif not isinstance(decision, Deferred):
                found.take(_settled(decision.outcome if isinstance(decision, Resting) else decision))
    return found


class _NoneOpen:
    def pending(self, _sobject: str, _external_id: str) -> int | None:
        """Nothing is about to be sent."""
        return None


_NONE_OPEN = _NoneOpen()


def _parents(rows: Sequence[Row], coming: Coming, ledger: Ledger) -> Parents:
    """Those that have landed, and those that this run will probably land."""
    parents = Parents(ledger)
    parents.look_up(rows)
    for sobject, external_id in {(lookup.to, each) for row in rows for lookup, each in row.parents()}:
        if not parents.have(sobject, external_id) and external_id in coming.of(sobject):
            parents.add(sobject, external_id)
    return parents


def _sent(row: Row, *, is_there: bool) -> ExpectedRow:
    """A row that goes out; which fields of it are others is known of one that is there."""
    differing = row.only if is_there and row.only is not None else frozenset[str]()
    verdict = Verdict.UPDATED if is_there else Verdict.CREATED
    return ExpectedRow(f"{row.mapping.object}:{row.record_id}", row.external_id, verdict, tuple(sorted(differing)))


def _settled(outcome: Outcome) -> ExpectedRow:
    fields = (outcome.field,) if outcome.field else ()
    return ExpectedRow(f"{outcome.object}:{outcome.record_id}", outcome.external_id, outcome.verdict, fields)


def _external_ids(staged: Staged) -> Iterator[str]:
    for part in staged.payloads.parts():
        yield from values_of(staged.payloads.read(part, "payloads", ["external_id"]), "external_id")
