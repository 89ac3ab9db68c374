"""One object in one run: what its own signals show is staged first, then what the inbox hints at."""

from collections.abc import Collection
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime

from pipelines.chargeover.answer import QuestionRefused
from pipelines.chargeover.signals import TOUCHED_BY
from pipelines.ledger.inbox import Announced
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.walks import Walk
from pipelines.sync.asked import ASKED
from pipelines.sync.brake import disbelief
from pipelines.sync.cursors import Cursors
from pipelines.sync.gathering import Gathering, always
from pipelines.sync.reach import Marks, behind, reach_of, synced
from pipelines.sync.source import Source
from pipelines.sync.stager import Stager
from pipelines.sync.staging import Manifest
from pipelines.sync.sweep import Sweep
from pipelines.sync.walking import is_due
from pipelines.sync.wanted import Extent, Wanted

_owed_at_once = 2_000
_catching_up, _rarely = "catching up", 6
_hints_at_most = 2_000  # beyond that reading everything takes fewer calls than reading one by one


class Extraction:
    """Stages the records of one object that its ``mappings`` need now."""

    def __init__(
        self,
        source: Source,
        wanted: Wanted,
        ledger: Ledger,
        mapped: Collection[str],
        extent: Extent,
        announced: Announced,
        marks: Marks,
    ) -> None:
        """``announced``: what webhooks had named before this run noted hints of its own; ``marks``: how far all
        mappings had been synced."""
        self.kind = wanted.kind
        self._source, self._mappings, self._ledger, self._extent = source, wanted.mappings, ledger, extent
        self._sobjects = [each.to for each in wanted.mappings]
        now = source.chargeover.now()
        self._reach = reach_of(wanted.mappings, marks, but=self._who_waits(marks, now))
        self._window = self._reach.window(now, source.overlap)
        self._hint = self._reach.hint
        self._stager = Stager(wanted.kind, wanted.dataset.open(), source.zone)
        self._gathering = Gathering(source.chargeover, wanted.kind, ledger, self._stager, mapped)
        self.hear(announced)
        self._accepts = extent.accept_deletes and self.kind.name in ledger.brakes()
        self._cursors = Cursors(source, wanted.kind, ledger, self._window)
        self._sweep = Sweep(source, ledger, self._sobjects, self._gathering, accept_deletes=self._accepts)
        self._touched: set[int] = set()
        """Records that were read because others touch them: what hinders them to land has hardly changed."""
        self._asked: set[int] = set()

    def _who_waits(self, marks: Marks, now: datetime) -> list[str]:
        """sObjects that are further behind than their brothers: in paced runs they are read back for only now and then,
        and one that was never synced, for which all is read, less often."""
        late = behind(self._mappings, marks)
        if not late or len(late) == len(self._mappings):
            return []
        is_new = any(each not in synced(self._mappings, marks) for each in late)
        every = self._source.pace.watch_every * (_rarely if is_new else 1)
        if self._is_paced and not is_due(self._ledger.walk(self.kind.name, _catching_up), every, now):
            return late
        self._ledger.keep_walk(self.kind.name, _catching_up, Walk(0, now, now, 0, 0))
        return []

    def ask(self, pool: Executor) -> None:
        """Ask for what the cursors show, beside the questions of other objects."""
        if self._goes_by_cursors:
            self._cursors.ask(pool)

    def begin(self) -> None:
        """Read what the cursors show and what is owed, or all records; all, too, where a person agrees to deletes.

        An object of which every mapping file is broken is not read."""
        if not self._mappings:
            return
        if not (self._goes_by_cursors and self._read_cursors()):
            self._sweep.all()
        self._read_owed(self._owed())

    @property
    def _goes_by_cursors(self) -> bool:
        wants_all = self._extent.reads_all_of(self.kind.name) or self._accepts
        return bool(self._mappings) and not wants_all and self._window.start_at is not None

    def sweep(self) -> None:
        """Read the next stretch of the sweep, after all hints: what was read for a hint has touched what it may."""
        if self._mappings and self._sweep.walk is None:
            self._sweep.stretch()

    def follow(self) -> bool:
        """Read what the inbox hints at and was not read yet; whether there was any.

        A hint about a record that was read before the hint came is left for the next run."""
        if not self._mappings:
            return False
        news, read = self._ledger.news(self.kind.name, after=self._reach.hint), self._gathering.read
        self.hear(news.announced)
        fresh = news.hints.keys() - read.keys()
        late = [hint for record_id, hint in news.hints.items() if record_id in read and hint > read[record_id]]
        self._hint = min(late) - 1 if late else news.number
        if fresh:
            self._read_hinted(fresh)
        return bool(fresh)

    def _read_hinted(self, fresh: set[int]) -> None:
        if len(fresh) > _hints_at_most:
            self._sweep.all()
        self._touched |= fresh & self._ledger.hinted_by(self.kind.name, TOUCHED_BY)
        for signal in (ASKED, "watch"):
            self._gathering.read_ids(signal, fresh & self._ledger.hinted_by(self.kind.name, signal), always)
        self._gathering.read_ids("touched", fresh, always)

    def hear(self, announced: Announced) -> None:
        """Keep when webhooks named records: a hint that comes after takes their place in the inbox."""
        fresh = {one: at for one, (number, at) in announced.items() if number > self._reach.hint}
        self._gathering.announced = fresh | self._gathering.announced

    def children(self) -> dict[str, set[int]]:
        """Records, by object, that wait for what those owe that were read since this was asked last.

        Not of records that others touched: all that waits for a parent which stays rejected would be read each time."""
        fresh = self._gathering.read.keys() - self._touched - self._asked
        self._asked |= fresh
        return self._ledger.awaiting(self._current.keys(), fresh) if fresh else {}

    def bring(self, ids: Collection[int]) -> bool:
        """Read these records, unless they were; whether there were any."""
        fresh = set(ids) - self._gathering.read.keys() if self._mappings else set()
        self._read_owed(fresh)
        return bool(fresh)

    def close(self) -> Manifest:
        """Finish the dataset; deletes that are too many to be believed are left out."""
        swept, gone = self._sweep.walk, self._gathering.gone
        is_believed = self._accepts or self._believes(gone, swept.missing if swept else 0)
        if is_believed and swept is not None and swept.ended_at is not None:
            self._ledger.release(self.kind.name)
        return self._stager.close(
            self._window,
            hint=self._hint,
            whole=self._sweep.is_whole,
            renewing=tuple(each for each in self._sobjects if self._extent.renews(each)),
            waiting=self._reach.waiting,
            gone=tuple(sorted(gone)) if is_believed else (),
            sweep=swept and replace(swept, missing=swept.missing + len(gone)),
            braked=self._ledger.brakes().get(self.kind.name, ""),
            accepted=self._accepts,
            ahead=self._source.chargeover.ahead,
            calls=self._source.chargeover.calls_about(self.kind.name),
        )

    def _believes(self, gone: Collection[int], missing: int) -> bool:
        """Whether the deletes can be believed; why not is kept until a sweep ends without doubt, or a person agrees."""
        chargeover, percent = self._source.chargeover, self._source.pace.deletes_at_most_percent
        why = disbelief(chargeover, self._ledger, self.kind, self._sobjects, gone, missing=missing, percent=percent)
        if why:
            self._ledger.brake(self.kind.name, why, chargeover.now())
        return not why

    def _read_cursors(self) -> bool:
        """Whether the account filters by all of them; one that it refuses is remembered, and all is read instead."""
        for cursor in self.kind.cursors:
            try:
                self._cursors.take(cursor, self._gathering)
            except QuestionRefused:
                refused = {f"filter {self.kind.name}.{cursor}": "no"}
                self._ledger.learn(self._source.account, refused, self._source.chargeover.now())
                return False
        return True

    @property
    def _is_paced(self) -> bool:
        return self._extent.paced and not self._extent.reads_all_of(self.kind.name)

    def _owed(self) -> set[int]:
        """Records with rows whose turn it is: due by time, or tried under another mapping."""
        due = self._ledger.due(self.kind.name, self._current.keys(), self._window.end_at, _owed_at_once)
        return {*due, *self._ledger.edited(self._current)}

    @property
    def _current(self) -> dict[str, str]:
        """The sObjects that this run loads, with the fingerprints of their mappings."""
        return {each.to: each.fingerprint for each in self._mappings if each.to not in self._reach.waiting}

    def _read_owed(self, ids: Collection[int]) -> None:
        if len(ids) > _hints_at_most and self._sweep.walk is None:
            self._sweep.all()
        self._gathering.read_ids("owed", ids, always)
