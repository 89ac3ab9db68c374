"""One object in one run: what its own signals show is staged first, then what the inbox hints at."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from pipelines.chargeover.answer import QuestionRefused
from pipelines.chargeover.object import Object
from pipelines.chargeover.signals import read_window
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.model import Mapping
from pipelines.sync.brake import disbelief
from pipelines.sync.gathering import Gathering, always
from pipelines.sync.reach import reach_of
from pipelines.sync.source import Source
from pipelines.sync.stager import Stager
from pipelines.sync.staging import Dataset, Manifest
from pipelines.sync.sweep import Sweep

_owed_at_once = 2_000
_hints_at_most = 2_000  # beyond that reading everything takes fewer calls than reading one by one


class Extraction:
    """Stages the records of one object that its ``mappings`` need now."""

    def __init__(
        self,
        source: Source,
        kind: Object,
        mappings: Sequence[Mapping],
        ledger: Ledger,
        dataset: Dataset,
        mapped: Collection[str],
    ) -> None:
        self.kind = kind
        self._source, self._mappings, self._ledger = source, mappings, ledger
        self._sobjects = [each.to for each in mappings]
        self._reach = reach_of(self._sobjects, ledger)
        self._window = self._reach.window(source.chargeover.now(), source.overlap)
        self._hint = self._reach.hint
        self._stager = Stager(kind, dataset.open(), source.zone)
        self._gathering = Gathering(source.chargeover, kind, ledger, self._stager, mapped)
        self._sweep = Sweep(source, ledger, self._sobjects, self._gathering)

    def begin(self, *, whole: bool) -> None:
        """Read what the cursors show, the next stretch of the sweep and what is owed; or all records.

        An object of which every mapping file is broken is not read."""
        if not self._mappings:
            return
        if whole or self._window.start_at is None or not self._read_cursors():
            self._sweep.all()
        else:
            self._sweep.stretch()
        self._gathering.read_ids("owed", self._owed(), always)

    def follow(self) -> bool:
        """Read what the inbox hints at and was not read yet; whether there was any.

        A hint about a record that was read before the hint came is left for the next run."""
        if not self._mappings:
            return False
        number = self._ledger.last_hint()
        hints, read = self._ledger.hints(self.kind.name, after=self._reach.hint), self._gathering.read
        fresh = hints.keys() - read.keys()
        late = [hint for record_id, hint in hints.items() if record_id in read and hint > read[record_id]]
        self._hint = min(late) - 1 if late else number
        if len(fresh) > _hints_at_most:
            self._sweep.all()
        self._gathering.read_ids("touched", fresh, always)
        return bool(fresh)

    def close(self, *, accept_deletes: bool) -> Manifest:
        """Finish the dataset; deletes that are too many to be believed are left out."""
        swept, gone = self._sweep.walk, self._gathering.gone
        is_believed = accept_deletes or self._believes(gone, swept.missing if swept else 0)
        if is_believed and swept is not None and swept.ended_at is not None:
            self._ledger.release(self.kind.name)
        return self._stager.close(
            self._window,
            hint=self._hint,
            gone=tuple(sorted(gone)) if is_believed else (),
            sweep=swept and replace(swept, missing=swept.missing + len(gone)),
            braked=self._ledger.brakes().get(self.kind.name, ""),
            calls=self._source.chargeover.calls_about(self.kind.name),
        )

    def _believes(self, gone: Collection[int], missing: int) -> bool:
        """Whether the deletes can be believed; why not is kept until a sweep ends without doubt, or a person agrees."""
        chargeover, percent = self._source.chargeover, self._source.pace.deletes_at_most_percent
        why = disbelief(
            chargeover, self._ledger, self.kind, self._sobjects, gone, missing=missing, percent=percent
        )  # fmt: skip
        if why:
            self._ledger.brake(self.kind.name, why, chargeover.now())
        return not why

    def _read_cursors(self) -> bool:
        """Whether the account filters by all of them; one that it refuses is remembered, and all is read instead."""
        chargeover, zone = self._source.chargeover.on_behalf_of("cursor"), self._source.zone
        for cursor in self.kind.cursors:
            number = self._ledger.last_hint()
            try:
                for reading in read_window(chargeover, self.kind, cursor, self._window, zone):
                    self._gathering.take(reading, number, always)
            except QuestionRefused:
                refused = {f"filter {self.kind.name}.{cursor}": "no"}
                self._ledger.learn(self._source.account, refused, chargeover.now())
                return False
        return True

    def _owed(self) -> set[int]:
        """Records that have no good verdict yet and whose turn it is: due by time, or rejected by an older mapping."""
        found = set(self._ledger.due(self.kind.name, self._window.end_at, _owed_at_once))
        for each in self._mappings:
            found |= set(self._ledger.rejected_under(each.to, each.fingerprint))
        return found
