"""Clear: rows that their records no longer have, or whose records are gone, are treated as ``on_delete`` says."""

from dataclasses import dataclass
from datetime import datetime

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.rows import Known
from pipelines.mapping.frame import values_of
from pipelines.mapping.model import Mapping
from pipelines.salesforce.org import Org
from pipelines.sync.brake import most_believed, says
from pipelines.sync.row import outcomes_of
from pipelines.sync.run import Run
from pipelines.sync.staged import Staged
from pipelines.sync.vanish import vanish
from pipelines.sync.verdicts import Verdicts


@dataclass(frozen=True, slots=True)
class _Compared:
    """What one part shows: the external ids of each record, and the rows that have vanished."""

    here: dict[int, set[str]]
    vanished: dict[str, Known]
    observed_at: datetime

    @property
    def emptied(self) -> list[str]:
        """The vanished rows of records that have none left."""
        return [key for key, known in self.vanished.items() if not self.here[known.record_id]]


class Clearing:
    """What is settled of a mapping beside the rows that it sends: rejections, vanished rows, records that are gone."""

    def __init__(self, org: Org, ledger: Ledger, run: Run, verdicts: Verdicts, percent: int) -> None:
        self._org, self._ledger, self._run, self._verdicts, self._percent = org, ledger, run, verdicts, percent

    def reject(self, staged: Staged) -> None:
        """Settle the rejections of a mapping."""
        for part in staged.payloads.parts():
            rejected = outcomes_of(staged.payloads.read(part, "rejections"), staged.mapping)
            self._verdicts.tallies[staged.mapping.to].read += len(rejected)
            self._verdicts.settle(rejected)

    def clear(self, staged: Staged, *, is_first: bool) -> None:
        """Settle the rows that the records of a mapping no longer have; ``is_first`` when it had none before."""
        found = [] if is_first else [self._compare(staged, part) for part in staged.payloads.parts()]
        doubted = self._doubted(staged, [key for each in found for key in each.emptied])
        for each in found:
            rows = {key: known for key, known in each.vanished.items() if key not in doubted}
            self._settle(staged.mapping, rows, each.observed_at)
            self._forget_unseen(staged.mapping, each.here, each.observed_at)
        self._vanish_gone(staged)

    def _compare(self, staged: Staged, part: int) -> "_Compared":
        """Rows that the records of this part used to have and have no longer: removed lines, rows now left out."""
        mapping, seen_at = staged.mapping, staged.seen(part)
        here: dict[int, set[str]] = {record_id: set() for record_id in seen_at}
        for name in ("payloads", "rejections"):
            places = staged.payloads.read(part, name, ["record_id", "external_id"])
            columns = (values_of(places, "record_id"), values_of(places, "external_id"))
            for record_id, external_id in zip(*columns, strict=True):
                here.setdefault(record_id, set()).add(external_id or "")
        # A record with a row whose external id could not be made may still have all its rows.
        certain = {record_id: ids for record_id, ids in here.items() if "" not in ids}
        vanished = {
            external_id: known
            for external_id, known in self._ledger.family(mapping.to, mapping.object, certain).items()
            if external_id not in certain[known.record_id] and known.observed_at <= seen_at[known.record_id]
        }
        return _Compared(here, vanished, min(seen_at.values(), default=staged.manifest.end_at))

    def _doubted(self, staged: Staged, emptied: list[str]) -> set[str]:
        """Children of records that have lost all of them at once, when they are too many to be believed: an answer
        that leaves out the children of everything must not delete them."""
        mapping = staged.mapping
        if not emptied or not mapping.children or staged.manifest.accepted:
            return set()
        most = most_believed(self._ledger.counts(mapping.to), self._percent)
        if len(emptied) <= most:
            return set()
        text = says(mapping.object, f"{len(emptied)} of the {mapping.children} that are in Salesforce", most)
        self._ledger.brake(mapping.object, text, self._run.now())
        return set(emptied)

    def _vanish_gone(self, staged: Staged) -> None:
        """Rows of records that ChargeOver does not know any more."""
        read, mapping = staged.records.manifest(), staged.mapping
        if read.gone:
            family = self._ledger.family(mapping.to, mapping.object, read.gone)
            older = {each: known for each, known in family.items() if known.observed_at <= read.end_at}
            self._settle(mapping, older, read.end_at)
            # Not what has just been refused: a row that could not be deleted is tried again.
            self._forget_unseen(mapping, {record_id: set() for record_id in read.gone}, read.end_at)

    def _forget_unseen(self, mapping: Mapping, here: dict[int, set[str]], observed_at: datetime) -> None:
        self._ledger.forget_unseen(mapping.to, here, observed_at, self._run.run_id, self._run.now())

    def _settle(self, mapping: Mapping, rows: dict[str, Known], observed_at: datetime) -> None:
        """Nobody else writes meanwhile, and what somebody has landed since the comparison stays."""
        if not rows:
            return
        with self._ledger.fence.hold_all():
            now = self._ledger.known(mapping.to, rows)
            still = {key: known for key, known in rows.items() if now[key] == known}
            self._verdicts.tallies[mapping.to].read += len(still)
            self._verdicts.settle(vanish(self._org, mapping, still, observed_at))
