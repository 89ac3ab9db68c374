"""Clear: rows that their records no longer have, or whose records are gone, are treated as ``on_delete`` says."""

from datetime import datetime

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.rows import Known
from pipelines.mapping.frame import values_of
from pipelines.mapping.model import Mapping
from pipelines.salesforce.org import Org
from pipelines.sync.row import outcomes_of
from pipelines.sync.staged import Staged
from pipelines.sync.vanish import vanish
from pipelines.sync.writer import Run, Writer


class Clearing:
    """What is settled of a mapping beside the rows that it sends: rejections, vanished rows, records that are gone."""

    def __init__(self, org: Org, ledger: Ledger, run: Run, writer: Writer) -> None:
        self._org, self._ledger, self._run, self._writer = org, ledger, run, writer

    def reject(self, staged: Staged) -> None:
        """Settle the rejections of a mapping."""
        for part in staged.payloads.parts():
            rejected = outcomes_of(staged.payloads.read(part, "rejections"), staged.mapping)
            self._writer.tallies[staged.mapping.to].read += len(rejected)
            self._writer.settle(rejected)

    def clear(self, staged: Staged, *, is_first: bool) -> None:
        """Settle the rows that the records of a mapping no longer have; ``is_first`` when it had none before."""
        if not is_first:
            for part in staged.payloads.parts():
                self._compare(staged, part)
        self._vanish_gone(staged)

    def _compare(self, staged: Staged, part: int) -> None:
        """Rows that the records of this part used to have and have no longer: removed lines, rows now left out."""
        mapping, seen_at = staged.mapping, staged.seen(part)
        here: dict[int, set[str]] = {record_id: set() for record_id in seen_at}
        for name in ("payloads", "rejections"):
            places = staged.payloads.read(part, name, ["record_id", "external_id"])
            for record_id, external_id in zip(values_of(places, "record_id"), values_of(places, "external_id"),
                                              strict=True):  # fmt: skip
                here[record_id].add(external_id or "")
        # A record with a row whose external id could not be made may still have all its rows.
        certain = {record_id: ids for record_id, ids in here.items() if "" not in ids}
        vanished = {
            external_id: known
            for external_id, known in self._ledger.family(mapping.to, mapping.object, certain).items()
            if external_id not in certain[known.record_id] and known.observed_at <= seen_at[known.record_id]
        }
        observed_at = min(seen_at.values())
        self._settle(mapping, vanished, observed_at)
        self._ledger.forget_unseen(mapping.to, here, observed_at, self._run.run_id, self._run.now())

    def _vanish_gone(self, staged: Staged) -> None:
        """Rows of records that ChargeOver does not know any more."""
        read, mapping = staged.records.manifest(), staged.mapping
        if read.gone:
            family = self._ledger.family(mapping.to, mapping.object, read.gone)
            older = {each: known for each, known in family.items() if known.observed_at <= read.end_at}
            self._settle(mapping, older, read.end_at)
            # Not what has just been refused: a row that could not be deleted is tried again.
            nothing = dict.fromkeys(read.gone, ())
            self._ledger.forget_unseen(mapping.to, nothing, read.end_at, self._run.run_id, self._run.now())

    def _settle(self, mapping: Mapping, rows: dict[str, Known], observed_at: datetime) -> None:
        if rows:
            self._writer.tallies[mapping.to].read += len(rows)
            self._writer.settle(vanish(self._org, mapping, rows, observed_at))
