"""Load: staged payloads become rows in Salesforce, parents first, and every record gets its verdict in the ledger."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from pipelines.chargeover.object import Object
from pipelines.errors import EditFile
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.ledger.owed import Owed
from pipelines.ledger.rows import Known
from pipelines.mapping.fit import Misfit, fit
from pipelines.mapping.frame import OBSERVED_AT, values_of
from pipelines.mapping.model import Mapping
from pipelines.salesforce.org import Org
from pipelines.sync.decide import Decider, Deferred, Resting
from pipelines.sync.parents import Parents
from pipelines.sync.row import Row, outcomes_of, rows_of
from pipelines.sync.stager import changed_column
from pipelines.sync.staging import Dataset
from pipelines.sync.tally import Tally
from pipelines.sync.vanish import vanish
from pipelines.sync.writer import Run, Writer


@dataclass(frozen=True, slots=True)
class Staged:
    """One mapping to load: its payloads, and the records that they came from."""

    mapping: Mapping
    kind: Object
    payloads: Dataset
    records: Dataset


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


Progress = Callable[[Mapping, int], None]


@dataclass(slots=True)
class Loader:
    """Loads mappings, given in dependency order, through one writer."""

    org: Org
    ledger: Ledger
    run: Run
    keys: dict[str, str]
    """The external id field of every sObject that can be a parent."""
    resend: bool = False
    progress: Progress = lambda _mapping, _rows: None
    parents: Parents = field(init=False)
    writer: Writer = field(init=False)
    _refused: dict[str, Owed] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.parents = Parents(self.ledger)
        self.writer = Writer(self.org, self.ledger, self.run, self.keys, self.parents)

    def load(self, work: Sequence[Staged]) -> Iterator[Loaded]:
        """Load each mapping and yield it once all its rows have a verdict and its watermark has moved."""
        self.ledger.claim("Salesforce org", self.org.org_id())
        ended: list[tuple[Staged, Tally, tuple[Misfit, ...]]] = []
        for staged in work:
            misfits = fit(staged.mapping, self.org.describe(staged.mapping.to))
            tally = self.writer.tallies[staged.mapping.to] = Tally(staged.mapping.to)
            if any(misfit.severity == "error" for misfit in misfits):
                yield Loaded(staged.mapping, tally, staged.payloads.manifest().end_at, misfits)
                continue
            self._put_all(staged, tally)
            ended.append((staged, tally, misfits))
            if self.writer.is_empty:
                yield from (self._finish(*each) for each in ended)
                ended = []
        self.writer.flush()
        yield from (self._finish(*each) for each in ended)

    def _finish(self, staged: Staged, tally: Tally, misfits: tuple[Misfit, ...]) -> Loaded:
        tally.check()
        mapping, read = staged.mapping, staged.payloads.manifest()
        self.ledger.advance(self.run.run_id, mapping.to, read.end_at, mapping.fingerprint, self.run.now(), read.hint)
        return Loaded(mapping, tally, read.end_at, misfits)

    def _put_all(self, staged: Staged, tally: Tally) -> None:
        _check_fingerprint(staged)
        self._check_reach(staged)
        refused = self.ledger.owed(staged.mapping.to, verdict=Verdict.REFUSED)
        self._refused = {each.external_id: each for each in refused}
        deferred: list[Row] = []
        is_first = self.ledger.counts(staged.mapping.to) == 0 and not self.ledger.owed(staged.mapping.to, limit=1)
        for part in staged.payloads.parts():
            records = staged.records.read(part, staged.kind.name, [staged.kind.key, OBSERVED_AT, changed_column])
            rows = list(rows_of(staged.payloads.read(part, "payloads"), staged.mapping, _changes(staged.kind, records)))
            rejected = outcomes_of(staged.payloads.read(part, "rejections"), staged.mapping)
            tally.read += len(rows) + len(rejected)
            self.writer.settle(rejected)
            deferred += self._put(rows)
            if not is_first:
                self._compare(staged, tally, records, rows, rejected)
            self.progress(staged.mapping, len(rows) + len(rejected))
        self._put_deferred(deferred)
        self._vanish_gone(staged, tally)

    def _check_reach(self, staged: Staged) -> None:
        """What is staged must begin where this mapping was synced to: its watermark must not move over a gap."""
        mapping, start_at = staged.mapping, staged.payloads.manifest().start_at
        until = self.ledger.watermarks().get(mapping.to)
        if start_at is not None and (until is None or start_at > until.end_at):
            raise EditFile(
                f"{mapping.to}: the staged {mapping.object} records do not reach back to where it was synced to; "
                f"select chargeover/{mapping.object} and mapped/{mapping.name} too, then run again"
            )

    def _put(self, rows: list[Row], *, last_chance: bool = False) -> list[Row]:
        """Send what is to be sent; the rows that wait for a brother come back."""
        self.parents.look_up(rows)
        known = self._known(rows)
        decider = Decider(self.parents, self.writer, self._refused, self.run.now(), self.resend)
        settled: list[Outcome] = []
        deferred: list[Row] = []
        for row in rows:
            decision = decider.decide(row, known.get(row.external_id), last_chance=last_chance)
            if isinstance(decision, Row):
                self.writer.put(decision, known.get(row.external_id))
            elif isinstance(decision, Deferred):
                deferred.append(decision.row)
            elif isinstance(decision, Resting):
                self.writer.tallies[row.mapping.to].count([decision.outcome])
            else:
                settled.append(decision)
        self.writer.settle(settled)
        return deferred

    def _put_deferred(self, deferred: list[Row]) -> None:
        """Rows whose parent is of the same sObject, a generation at a time; those left follow their rule."""
        while deferred:
            self.writer.flush()
            waiting = self._put(deferred)
            if len(waiting) == len(deferred):
                self._put(waiting, last_chance=True)
                return
            deferred = waiting

    def _known(self, rows: list[Row]) -> dict[str, Known]:
        return self.ledger.known(rows[0].mapping.to, (row.external_id for row in rows)) if rows else {}

    def _compare(
        self, staged: Staged, tally: Tally, records: pd.DataFrame, rows: list[Row], rejected: list[Outcome]
    ) -> None:
        """Rows that the records of this part used to have and have no longer: removed lines, rows now left out."""
        mapping = staged.mapping
        ids, moments = values_of(records, staged.kind.key), values_of(records, OBSERVED_AT)
        observed_at, seen_at = min(moments), dict(zip(ids, moments, strict=True))
        here: dict[int, set[str]] = {record_id: set() for record_id in ids}
        for record_id, external_id in _places(rows) + _places(rejected):
            here[record_id].add(external_id)
        # A record with a row whose external id could not be made may still have all its rows.
        certain = {record_id: ids for record_id, ids in here.items() if "" not in ids}
        vanished = {
            external_id: known
            for external_id, known in self.ledger.family(mapping.to, mapping.object, certain).items()
            if external_id not in certain[known.record_id] and known.observed_at <= seen_at[known.record_id]
        }
        self._settle_vanished(mapping, tally, vanished, observed_at)
        self.ledger.forget_unseen(mapping.to, here, observed_at, self.run.run_id, self.run.now())

    def _vanish_gone(self, staged: Staged, tally: Tally) -> None:
        """Rows of records that ChargeOver does not know any more."""
        read, mapping = staged.records.manifest(), staged.mapping
        if read.gone:
            family = self.ledger.family(mapping.to, mapping.object, read.gone)
            older = {each: known for each, known in family.items() if known.observed_at <= read.end_at}
            self._settle_vanished(mapping, tally, older, read.end_at)
            # Not what has just been refused: a row that could not be deleted is tried again.
            nothing = dict.fromkeys(read.gone, ())
            self.ledger.forget_unseen(mapping.to, nothing, read.end_at, self.run.run_id, self.run.now())

    def _settle_vanished(self, mapping: Mapping, tally: Tally, rows: dict[str, Known], observed_at: datetime) -> None:
        if rows:
            tally.read += len(rows)
            self.writer.settle(vanish(self.org, mapping, rows, observed_at))


def _places(rows: Sequence[Row | Outcome]) -> list[tuple[int, str]]:
    return [(row.record_id, row.external_id) for row in rows]


def _changes(kind: Object, records: pd.DataFrame) -> dict[int, datetime | None]:
    return dict(zip(values_of(records, kind.key), values_of(records, changed_column), strict=True))


def _check_fingerprint(staged: Staged) -> None:
    if staged.payloads.manifest().fingerprint != staged.mapping.fingerprint:
        raise EditFile(f"{staged.mapping.path}: the mapping was edited after its payloads were staged; "
                       f"select mapped/{staged.mapping.name} too, then run again")  # fmt: skip
