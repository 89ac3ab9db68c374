"""Load: staged payloads become rows in Salesforce, parents first, and every record gets its verdict in the ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from threading import Event

from pipelines.ledger.ledger import Ledger
from pipelines.mapping.drift import Drift
from pipelines.mapping.fit import Misfit
from pipelines.mapping.model import Mapping
from pipelines.salesforce.org import Org
from pipelines.salesforce.status import SObjectStopped
from pipelines.sync import lanes
from pipelines.sync.clear import Clearing
from pipelines.sync.fitting import Fitted, fit_org, forget
from pipelines.sync.ingest import JobWriter
from pipelines.sync.lane import Lane, Progress, Sender
from pipelines.sync.reach import said_of
from pipelines.sync.results import adopt
from pipelines.sync.run import Run
from pipelines.sync.size import files_from, has_many
from pipelines.sync.staged import Staged
from pipelines.sync.tally import Tally
from pipelines.sync.update import Updates
from pipelines.sync.verdicts import Verdicts
from pipelines.sync.writer import Writer

_fewest_in_a_job = 200  # one collection: a job of fewer rows takes longer than a call


@dataclass(frozen=True, slots=True)
class Loaded:
    """One mapping that is done: its counts, how far it is synced now, and what does not fit the org.

    With a misfit of severity error the watermark stays: what has no verdict yet is read again."""

    mapping: Mapping
    tally: Tally
    end_at: datetime
    misfits: tuple[Misfit, ...]
    drift: tuple[Drift, ...] = ()
    """How the sObject changed within the last day."""

    @property
    def is_stopped(self) -> bool:
        """Whether the mapping does not fit the org and was not loaded, or not to its end."""
        return any(misfit.severity == "error" for misfit in self.misfits)

    def stopped_by(self, error: SObjectStopped) -> "Loaded":
        """The mapping after Salesforce has said that it does not fit."""
        self.tally.read = self.tally.verdicts.total()
        return replace(self, misfits=(*self.misfits, Misfit("", str(error), "error", self.mapping.at("to"))))


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
    bulk_from: int = 50_000
    """From so many rows of one mapping on they go by files (Bulk API 2.0)."""
    calls_left: int | None = None
    """How many calls the budget has left, as far as it is known: where they are few, files go from fewer rows on."""
    partial: bool = True
    """Send only the fields that differ from what Salesforce accepted last."""
    moves_watermarks: bool = True
    """Not in a backfill, which does not read all that is new."""
    deletes_at_most_percent: int = 5
    describe_every: timedelta = timedelta(minutes=5)
    progress: Progress = lambda _mapping, _rows: None
    _stop: Event = field(init=False, default_factory=Event)
    _stopped: dict[str, SObjectStopped] = field(init=False, default_factory=dict)
    _tallies: dict[str, Tally] = field(init=False, default_factory=dict)
    _updates: Updates = field(init=False, default_factory=Updates)

    def load(self, work: Sequence[Staged]) -> Iterator[Loaded]:
        """Load the mappings and yield each once all its rows have a verdict and its watermark has moved."""
        self.ledger.claim("Salesforce org", self.org.org_id())
        fits = fit_org(self.org, self.ledger, [each.mapping for each in work], self.run.now(), self.describe_every)
        self._tallies = {sobject: Tally(sobject) for sobject in fits}
        once = {sobject: each.create_only for sobject, each in fits.items()}
        self._updates = Updates(self.partial and not self.resend, once)
        loads = [self._begun(each, fits[each.mapping.to]) for each in work]
        ready = [each for each, load in zip(work, loads, strict=True) if not (load.is_stopped or each.waits)]
        self._load(ready)
        for each, loaded in zip(work, loads, strict=True):
            stopped = self._stopped.get(each.mapping.to)
            if stopped:
                forget(self.ledger, each.mapping.to)
            elif each in ready:
                self._finish(each, loaded.tally)
            yield loaded.stopped_by(stopped) if stopped else loaded

    def _begun(self, staged: Staged, fitted: Fitted) -> Loaded:
        mapping, end_at = staged.mapping, staged.manifest.end_at
        return Loaded(mapping, self._tallies[mapping.to], end_at, fitted.misfits, fitted.drift)

    def _load(self, work: Sequence[Staged]) -> None:
        marks = self.ledger.watermarks()
        for each in work:
            each.check(marks)
        self.ledger.begin_loading({each.mapping.to: said_of(each.mapping) for each in work})
        self.ledger.keep_parts({(each.mapping.to, each.mapping.fingerprint): each.mapping.parts for each in work})
        first = {each.mapping.to for each in work if self._is_first(each)}
        clearing = Clearing(self.org, self.ledger, self.run, self._verdicts(self._tallies),
                            self.deletes_at_most_percent)  # fmt: skip
        for each in work:
            clearing.reject(each)
        adopt(self.org, self.ledger, self._verdicts(self._tallies))
        self._put(work)
        for each in reversed(work):  # children go before their parents
            if each.mapping.to not in self._stopped:
                clearing.clear(each, is_first=each.mapping.to in first)

    def _is_first(self, staged: Staged) -> bool:
        return self.ledger.counts(staged.mapping.to) == 0 and not self.ledger.owed(staged.mapping.to, limit=1)

    def _put(self, work: Sequence[Staged]) -> None:
        """Put all rows in dependency order: those of large mappings by files, all others by requests."""
        many = files_from(work, self.bulk_from, self.calls_left)
        for is_large, group in groupby(work, key=lambda each: has_many(each, self.ledger, many, resend=self.resend)):
            if is_large:
                for each in group:
                    self._by_jobs(each)
            else:
                self._by_requests(list(group))

    def _by_requests(self, work: Sequence[Staged]) -> None:
        """Rows of no customer first, since all others may name them; then each customer's, by the writer it has."""
        self._by_calls([each for each in work if not each.kind.customer], 1)
        owned = [each for each in work if each.kind.customer]
        rows = sum(each.manifest.rows["payloads"] for each in owned)
        self._by_calls(owned, lanes.worth(rows, self.writers))

    def _by_calls(self, work: Sequence[Staged], count: int) -> None:
        own = [{name: Tally(name) for name in self._tallies} for _ in range(count)]
        lanes.put(work, count, lambda number: self._lane(number, self._writer(own[number])), self._stop, self.progress)
        for tallies in own:
            for name, tally in tallies.items():
                self._tallies[name].add(tally)

    def _by_jobs(self, staged: Staged) -> None:
        writer = JobWriter(self.org, self.ledger, self.run, staged.mapping, self.keys, self._writer(self._tallies),
                           min(self.bulk_from, _fewest_in_a_job))  # fmt: skip
        lanes.put([staged], 1, lambda number: self._lane(number, writer), self._stop, self.progress)

    def _lane(self, number: int, sender: Sender) -> Lane:
        return Lane(sender, self.ledger, self.run, number, resend=self.resend, stop=self._stop)

    def _writer(self, tallies: dict[str, Tally]) -> Writer:
        return Writer(self.org, self.ledger, self.run, self.keys, self._verdicts(tallies), self._updates)

    def _verdicts(self, tallies: dict[str, Tally]) -> Verdicts:
        return Verdicts(self.ledger, self.run, tallies, self._stopped)

    def _finish(self, staged: Staged, tally: Tally) -> None:
        tally.check()
        mapping, read = staged.mapping, staged.manifest
        if not self.moves_watermarks or read.named:
            return
        if read.whole and (mapping.to in read.renewing or mapping.on_change == "resync"):
            self.ledger.complete(mapping.to, said_of(mapping))
        self.ledger.advance(self.run.run_id, mapping.to, read.end_at, said_of(mapping), self.run.now(), read.hint)
