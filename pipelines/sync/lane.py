"""One writer's way through all mappings, for the customers that it owns: parents first, nobody else to wait for."""

from collections.abc import Callable, Sequence
from threading import Event

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.ledger.owed import Owed
from pipelines.mapping.model import Mapping
from pipelines.sync.decide import Decider, Deferred, Resting
from pipelines.sync.parents import Parents
from pipelines.sync.row import Row
from pipelines.sync.staged import Share, Staged
from pipelines.sync.writer import Run, Writer

Progress = Callable[[Mapping, int], None]


class Lane:
    """Puts the rows of some customers into one writer; ``stop`` ends it before the next row when another has failed."""

    def __init__(self, writer: Writer, ledger: Ledger, run: Run, share: Share, *, resend: bool, stop: Event) -> None:
        self.writer = writer
        self._ledger, self._run, self._share, self._resend, self._stop = ledger, run, share, resend, stop
        self._parents: Parents = writer.parents
        self._refused: dict[str, dict[str, Owed]] = {}
        self.waiting: list[Row] = []
        """Rows whose parent has not landed yet: it may hang off a customer of another writer."""

    def go(self, work: Sequence[Staged], progress: Progress) -> None:
        """Put all rows of the mappings, given in dependency order."""
        for staged in work:
            for rows in staged.rows(self._share):
                self.writer.tallies[staged.mapping.to].read += len(rows)
                self.waiting += self._put(rows)
                progress(staged.mapping, len(rows))
            self._put_brothers(staged.mapping.to)
        self.writer.flush()

    def again(self, *, last_chance: bool = False) -> None:
        """Put the rows that wait once more, those of one mapping after the other; at the last chance each follows its
        lookup's rule."""
        waiting, self.waiting = self.waiting, []
        for sobject in dict.fromkeys(row.mapping.to for row in waiting):
            rows = [row for row in waiting if row.mapping.to == sobject]
            self.waiting += self._put(rows, last_chance=last_chance)
        self.writer.flush()

    def _put_brothers(self, sobject: str) -> None:
        """Rows whose parent is of the same sObject, a generation at a time."""
        while brothers := [row for row in self.waiting if any(lookup.to == sobject for lookup, _ in row.parents())]:
            others = [row for row in self.waiting if row not in brothers]
            self.writer.flush()
            left = self._put(brothers)
            self.waiting = others + left
            if len(left) == len(brothers):
                return

    def _put(self, rows: list[Row], *, last_chance: bool = False) -> list[Row]:
        """Send what is to be sent; the rows that wait for a parent come back."""
        if not rows or self._stop.is_set():
            return []
        sobject = rows[0].mapping.to
        self._parents.look_up(rows)
        known = self._ledger.known(sobject, (row.external_id for row in rows))
        decider = Decider(self._parents, self.writer, self._refused_of(sobject), self._run.now(), self._resend)
        settled: list[Outcome] = []
        waiting: list[Row] = []
        for row in rows:
            self._take(decider.decide(row, known.get(row.external_id), last_chance=last_chance), settled, waiting)
        self.writer.settle(settled)
        return waiting

    def _take(self, decision: Outcome | Deferred | Resting | Row, settled: list[Outcome], waiting: list[Row]) -> None:
        if isinstance(decision, Row):
            self.writer.put(decision)
        elif isinstance(decision, Deferred):
            waiting.append(decision.row)
        elif isinstance(decision, Resting):
            self.writer.tallies[decision.outcome.sobject].count([decision.outcome])
        else:
            settled.append(decision)

    def _refused_of(self, sobject: str) -> dict[str, Owed]:
        if sobject not in self._refused:
            owed = self._ledger.owed(sobject, verdict=Verdict.REFUSED)
            self._refused[sobject] = {each.external_id: each for each in owed}
        return self._refused[sobject]
