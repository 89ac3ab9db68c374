"""Writing by files: many rows of one sObject go as ingest jobs (Bulk API 2.0), in fewer calls than requests take."""

import json
from contextlib import closing

from more_itertools import chunked

from pipelines.ledger.jobs import Job, JobRow
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.model import Mapping
from pipelines.salesforce.bulk.job import JobState
from pipelines.salesforce.bulk.sheet import Sheet
from pipelines.salesforce.fault import Kind
from pipelines.salesforce.org import Org
from pipelines.salesforce.status import SObjectStopped
from pipelines.sync.results import collect
from pipelines.sync.row import Row
from pipelines.sync.run import Run
from pipelines.sync.spool import Spool
from pipelines.sync.update import SET_ONCE, Updates
from pipelines.sync.writer import Writer

MOST_ROWS = 100_000
"""In one job: ten of Salesforce's batches, and few enough to be taken over quickly."""
_most_bytes = 90_000_000  # as JSON, which is never shorter than the CSV that a job takes 100 MB of
_at_once = 1_000


class JobWriter:
    """As a writer of requests, for one mapping; what a file cannot carry or did not bring goes by requests."""

    def __init__(
        self, org: Org, ledger: Ledger, run: Run, mapping: Mapping, keys: dict[str, str], by_calls: Writer, fewest: int
    ) -> None:
        self.verdicts = by_calls.verdicts
        self.updates = Updates(partial=False, create_only=by_calls.updates.create_only)
        self._org, self._ledger, self._run, self._mapping, self._keys = org, ledger, run, mapping, keys
        self._by_calls, self._fewest = by_calls, fewest
        self._spool: Spool | None = None
        self._pending: dict[str, int] = {}
        self._has_quota = True
        # a row that Salesforce turns out to have: a request is sent once more without what may be set at create only
        self._once_more = {SET_ONCE} if self.updates.create_only.get(mapping.to) else set()

    def pending(self, sobject: str, external_id: str) -> int | None:
        """The record id of a row that waits for the next job, None when it does not."""
        return self._pending.get(external_id) if sobject == self._mapping.to else None

    def put(self, row: Row) -> None:
        """Add one row to the next job; the job runs first when it has no room left."""
        if self._spool and (len(self._spool) >= MOST_ROWS or self._spool.size_bytes >= _most_bytes):
            self.flush()
        self._spool = self._spool or Spool(self._mapping)
        self._spool.add(row)
        self._pending[row.external_id] = row.record_id

    def flush(self) -> None:
        """Run a job over the rows that wait, and have its verdicts recorded."""
        spool, self._spool, self._pending = self._spool, None, {}
        if spool is not None:
            with closing(spool):
                self._send(spool)

    def _send(self, spool: Spool) -> None:
        fits = len(spool) >= self._fewest and self._has_quota and self._mapping.to not in self.verdicts.stopped
        settled = self._by_job(spool) if fits else set()
        for row in spool.rows() if len(settled) < len(spool) else ():
            if row.external_id not in settled:
                self._by_calls.put(row)
        self._by_calls.flush()

    def _by_job(self, spool: Spool) -> set[str]:
        """Run a job; the external ids of the rows that have their verdict."""
        sobject, key = self._mapping.to, self._mapping.external_id
        try:
            job = Job(self._org.jobs.open(sobject, key), sobject, key, self._run.run_id, self._run.now())
        except SObjectStopped as error:
            self.verdicts.stopped[sobject] = error
            return set()
        with self._ledger.fence.claim(job.id), Sheet(key) as sheet:
            self._ledger.keep_job(job)
            self._write(job, spool, sheet)
            if not len(sheet):
                self._org.jobs.abort(job.id)
                self._ledger.forget_job(job.id)
                return set()
            self._org.jobs.upload(job.id, sheet)
            self._org.jobs.close(job.id)
            self._look_at(self._org.jobs.wait_for(job.id))
            return collect(self._org, self._ledger, job, self.verdicts, self._once_more)

    def _look_at(self, ended: JobState | None) -> None:
        """A job that failed as a whole may say that the next one will, too; its rows go by requests then."""
        fault = ended.fault if ended else None
        if fault and fault.handling.kind is Kind.SOBJECT_STOP:
            self.verdicts.stop(self._mapping.to, fault)
        self._has_quota = not (fault and fault.stops)

    def _write(self, job: Job, spool: Spool, sheet: Sheet) -> None:
        """Write the file, and in the ledger what is in it; some rows a file cannot carry."""
        for rows in chunked(spool.rows(), _at_once):
            mine = [row for row in rows if sheet.add(row.text(self._keys))]
            self._ledger.load_job(job, [_job_row(row) for row in mine])


def _job_row(row: Row) -> JobRow:
    parents = [(lookup.to, external_id) for lookup, external_id in row.parents()]
    return JobRow(row.external_id, row.mapping.object, row.record_id, row.observed_at, row.fingerprint, row.slots,
                  json.dumps(parents), row.origin, row.signs.signal)  # fmt: skip
