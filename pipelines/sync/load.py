"""Load: staged payloads become rows in Salesforce, parents first, and every record gets its verdict in the ledger."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event

from pipelines.ledger.ledger import Ledger
from pipelines.mapping.fit import Misfit, fit
from pipelines.mapping.model import Mapping
from pipelines.salesforce.org import Org
from pipelines.sync.clear import Clearing
from pipelines.sync.lane import Lane, Progress
from pipelines.sync.parents import Parents
from pipelines.sync.reach import said_of
from pipelines.sync.staged import Share, Staged
from pipelines.sync.tally import Tally
from pipelines.sync.writer import Run, Writer

_rows_worth_a_writer = 1_000  # one full request


@dataclass(frozen=True, slots=True)
class Loaded:
    """One mapping that is done: its counts, how far it is synced now, and what does not fit the org.

    With a misfit of severity error nothing was sent, and the watermark stays."""

    mapping: Mapping
    tally: Tally
    end_at: datetime
    misfits: tuple[Misfit, ...]

    @property
    def is_stopped(self) -> bool:
        """Whether the mapping does not fit the org and was not loaded."""
        return any(misfit.severity == "error" for misfit in self.misfits)


@dataclass(slots=True)
class Loader:
    """Loads mappings, given in dependency order, through as many writers as there is work for."""

    org: Org
    ledger: Ledger
    run: Run
    keys: dict[str, str]
    """The external id field of every sObject that can be a parent."""
    resend: bool = False
    writers: int = 8
    deletes_at_most_percent: int = 5
    progress: Progress = lambda _mapping, _rows: None
    _stop: Event = field(init=False, default_factory=Event)

    def load(self, work: Sequence[Staged]) -> Iterator[Loaded]:
        """Load the mappings and yield each once all its rows have a verdict and its watermark has moved."""
        self.ledger.claim("Salesforce org", self.org.org_id())
        misfits = {each.mapping.to: fit(each.mapping, self.org.describe(each.mapping.to)) for each in work}
        loads = [Loaded(each.mapping, Tally(each.mapping.to), each.manifest.end_at, misfits[each.mapping.to])
                 for each in work]  # fmt: skip
        tallies = {each.mapping.to: each.tally for each in loads}
        ready = [each for each, load in zip(work, loads, strict=True) if not (load.is_stopped or each.waits)]
        self._load(ready, tallies)
        for each, loaded in zip(work, loads, strict=True):
            if each in ready:
                self._finish(each, loaded.tally)
            yield loaded

    def _load(self, work: Sequence[Staged], tallies: dict[str, Tally]) -> None:
        """Rows of no customer first, since all others may name them; then each customer's, by the writer it has."""
        for each in work:
            each.check(self.ledger)
        first = {each.mapping.to for each in work if self._is_first(each)}
        clearing = Clearing(self.org, self.ledger, self.run, self._writer(tallies), self.deletes_at_most_percent)
        for each in work:
            clearing.reject(each)
        self._put([each for each in work if not each.kind.customer], tallies, 1)
        owned = [each for each in work if each.kind.customer]
        rows = sum(each.manifest.rows["payloads"] for each in owned)
        self._put(owned, tallies, max(1, min(self.writers, rows // _rows_worth_a_writer)))
        for each in reversed(work):  # children go before their parents
            clearing.clear(each, is_first=each.mapping.to in first)

    def _is_first(self, staged: Staged) -> bool:
        return self.ledger.counts(staged.mapping.to) == 0 and not self.ledger.owed(staged.mapping.to, limit=1)

    def _put(self, work: Sequence[Staged], tallies: dict[str, Tally], count: int) -> None:
        own = [{name: Tally(name) for name in tallies} for _ in range(count)]
        lanes = [self._lane(Share(number, count), own[number]) for number in range(count)]
        with ThreadPoolExecutor(count) as pool:
            _join([pool.submit(copy_context().run, lane.go, work, self.progress) for lane in lanes], self._stop)
            waiting = -1
            while waiting != (waiting := _waiting(lanes)):
                _join([pool.submit(lane.again) for lane in lanes], self._stop)
            _join([pool.submit(lane.again, last_chance=True) for lane in lanes], self._stop)
        for name, tally in tallies.items():
            for each in own:
                tally.add(each[name])

    def _lane(self, share: Share, tallies: dict[str, Tally]) -> Lane:
        return Lane(self._writer(tallies), self.ledger, self.run, share, resend=self.resend, stop=self._stop)

    def _writer(self, tallies: dict[str, Tally]) -> Writer:
        return Writer(self.org, self.ledger, self.run, self.keys, Parents(self.ledger), tallies)

    def _finish(self, staged: Staged, tally: Tally) -> None:
        tally.check()
        mapping, read = staged.mapping, staged.manifest
        self.ledger.advance(self.run.run_id, mapping.to, read.end_at, said_of(mapping), self.run.now(), read.hint)


def _waiting(lanes: Sequence[Lane]) -> int:
    """How many rows wait for a parent; where they are not worth several writers, the first takes them all."""
    rows = [row for lane in lanes for row in lane.waiting]
    if len(rows) < _rows_worth_a_writer:
        for lane in lanes:
            lane.waiting = []
        lanes[0].waiting = rows
    return len(rows)


def _join(tasks: Sequence[Future[None]], stop: Event) -> None:
    """Wait for all writers; when one fails the others stop after the request that is under way."""
    for task in tasks:
        task.add_done_callback(lambda done: stop.set() if done.exception() else None)
    wait(tasks)
    for task in tasks:
        task.result()
