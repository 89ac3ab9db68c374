"""One writer's way through all mappings, for the customers that it owns: parents first, nobody else to wait for."""

from collections.abc import Callable, Collection, Sequence
from threading import Event
from typing import Protocol

from more_itertools import partition

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.ledger.owed import Owed
from pipelines.mapping.model import Mapping
from pipelines.sync.deal import Deal
from pipelines.sync.decide import Decider, Deferred, Open, Resting
from pipelines.sync.row import Row
from pipelines.sync.run import Run
from pipelines.sync.update import Updates
from pipelines.sync.verdicts import Verdicts

Progress = Callable[[Mapping, int], None]


class Sender(Open, Protocol):
    """What rows are put into: a writer of requests or of files."""

    verdicts: Verdicts
    updates: Updates

    def put(self, row: Row) -> None:
        """Add one row to what is sent next."""

    def flush(self) -> None:
        """Send what is open and have its verdicts recorded."""


class Lane:
    """Puts the rows of some customers into one sender; ``stop`` ends it before the next row when another has failed."""

    def __init__(self, sender: Sender, ledger: Ledger, run: Run, number: int, *, resend: bool, stop: Event) -> None:
        self.verdicts, self._sender = sender.verdicts, sender
        self._ledger, self._run, self._number, self._resend, self._stop = ledger, run, number, resend, stop
        self._refused: dict[str, dict[str, Owed]] = {}
        self.waiting: list[Row] = []
        """Rows whose parent has not landed yet: it may hang off a customer of another writer."""

    def go(self, work: Sequence[Deal], progress: Progress) -> None:
        """Put all rows of the mappings, given in dependency order."""
        for deal in work:
            for rows in deal.rows(self._number):
                self.verdicts.tallies[deal.mapping.to].read += len(rows)
                self.waiting += self._put(rows)
                progress(deal.mapping, len(rows))
            self._put_brothers(deal.mapping.to)
        self._sender.flush()

    def again(self, *, last_chance: bool = False) -> None:
        """Put the rows that wait once more, those of one mapping after the other; at the last chance each follows its
        lookup's rule."""
        waiting, self.waiting = self.waiting, []
        for sobject in dict.fromkeys(row.mapping.to for row in waiting):
            rows = [row for row in waiting if row.mapping.to == sobject]
            self.waiting += self._put_at_last(rows) if last_chance else self._put(rows)
        self._sender.flush()

    def _put_at_last(self, rows: list[Row]) -> list[Row]:
        """At the last chance, too, a row goes after its parent: those first whose parent does not wait beside them."""
        left: list[Row] = []
        while rows:
            names = {(row.mapping.to, row.external_id) for row in rows}
            first, later = _apart(rows, names)
            left += self._put(first or later, last_chance=True)
            self._sender.flush()
            rows = later if first else []
        return left

    def _put_brothers(self, sobject: str) -> None:
        """Rows whose parent is of the same sObject, a generation at a time."""
        others, brothers = _brothers(self.waiting, sobject)
        while brothers:
            self._sender.flush()
            left = self._put(brothers)
            self.waiting = others + left
            if len(left) == len(brothers):
                return
            others, brothers = _brothers(self.waiting, sobject)

    def _put(self, rows: list[Row], *, last_chance: bool = False) -> list[Row]:
        """Send what is to be sent; the rows that wait for a parent come back."""
        if not rows or self._stop.is_set() or rows[0].mapping.to in self.verdicts.stopped:
            return []
        sobject = rows[0].mapping.to
        self.verdicts.parents.look_up(rows)
        known = self._ledger.known(sobject, (row.external_id for row in rows))
        settled: list[Outcome] = []
        waiting: list[Row] = []
        decider = self._decider(sobject)
        for row in rows:
            self._take(decider.decide(row, known.get(row.external_id), last_chance=last_chance), settled, waiting)
        self.verdicts.settle(settled)
        return waiting

    def _decider(self, sobject: str) -> Decider:
        parents, sender, now = self.verdicts.parents, self._sender, self._run.now()
        return Decider(parents, sender, sender.updates, self._refused_of(sobject), now, self._resend)

    def _take(self, decision: Outcome | Deferred | Resting | Row, settled: list[Outcome], waiting: list[Row]) -> None:
        if isinstance(decision, Row):
            self._sender.put(decision)
        elif isinstance(decision, Deferred):
            waiting.append(decision.row)
        elif isinstance(decision, Resting):
            self.verdicts.tallies[decision.outcome.sobject].count([decision.outcome])
        else:
            settled.append(decision)

    def _refused_of(self, sobject: str) -> dict[str, Owed]:
        if sobject not in self._refused:
            owed = self._ledger.owed(sobject, verdict=Verdict.REFUSED)
            self._refused[sobject] = {each.external_id: each for each in owed}
        return self._refused[sobject]


def _apart(rows: list[Row], names: Collection[tuple[str, str]]) -> tuple[list[Row], list[Row]]:
    """The rows without and with a parent among those named."""
    first, later = partition(lambda row: any((lookup.to, key) in names for lookup, key in row.parents()), rows)
    return list(first), list(later)


def _brothers(rows: list[Row], sobject: str) -> tuple[list[Row], list[Row]]:
    """The rows without and with a parent of this sObject."""
    others, brothers = partition(lambda row: any(lookup.to == sobject for lookup, _ in row.parents()), rows)
    return list(others), list(brothers)
