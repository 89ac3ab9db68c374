"""The calls about ingest jobs; each may be repeated until its answer is known."""

import json
from collections.abc import Iterator
from threading import Event
from typing import Any

from pipelines.errors import Co2sfError, FixAccess, TryLater
from pipelines.salesforce.bulk.job import JobState, spelled, state_of
from pipelines.salesforce.bulk.results import failure_of, rows_in, success_of
from pipelines.salesforce.bulk.sheet import Sheet
from pipelines.salesforce.bulk.transfer import Transfer
from pipelines.salesforce.connection import Connection, Faulty, said
from pipelines.salesforce.replies import Reply
from pipelines.salesforce.session import Patience

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0
JOBS = "jobs/ingest"


class Jobs:
    """The ingest jobs of one org: open, upload, close, wait_for, then results and unprocessed.

    A row that none of the results names may be sent again: an upsert by external id lands once.
    """

    def __init__(self, connection: Connection, patience: Patience) -> None:
        self._connection = connection
        self._patience = patience
        self._transfer = Transfer(connection, patience)

    def open(self, sobject: str, external_id_field: str, operation: str = "upsert") -> str:
        """Open a job; its id. SObjectStopped when the field is no external id.

        A job whose opening got no answer stays open and empty until the org lets it go, after 24 hours at most.
        """
        asked = {
            "object": sobject,
            "operation": operation,
            "externalIdFieldName": external_id_field,
            "contentType": "CSV",
            "lineEnding": "LF",
            "columnDelimiter": "COMMA",
        }
        try:
            answer = self._send("POST", JOBS, asked)
        except Faulty as fault:
            if fault.status == 404:
                raise FixAccess("Salesforce: the org has no Bulk API 2.0 at this version; set a newer one") from None
            raise _said(fault, sobject=sobject) from None
        return state_of(answer).id

    def upload(self, job_id: str, sheet: Sheet) -> None:
        """Upload the one file of a job, before it is closed."""
        try:
            self._transfer.up(f"{JOBS}/{job_id}/batches", sheet)
        except Faulty as fault:
            raise _said(fault, job_id=job_id) from None

    def close(self, job_id: str) -> None:
        """Let the org begin with the rows; a job that is closed already stays so."""
        self._enter(job_id, "UploadComplete")

    def abort(self, job_id: str) -> None:
        """End a job; what it has saved stays saved, and one that has ended or is forgotten stays so."""
        self._enter(job_id, "Aborted")

    def look(self, job_id: str) -> JobState | None:
        """How far a job is; None when the org does not know it (results are kept for 7 days: Bulk API limits)."""
        try:
            answer = self._connection.call(lambda client: client.restful(f"{JOBS}/{job_id}"))
        except Faulty as fault:
            if fault.status == 404:
                return None
            raise _said(fault, job_id=job_id) from None
        return state_of(answer)

    def wait_for(self, job_id: str, stop: Event | None = None) -> JobState | None:
        """The job once it has ended, or as it is when ``stop`` is set; looks at it in growing pauses.

        There is no time limit: the org itself ends a job that stays open for 24 hours (Bulk API limits).
        """
        pause_seconds = FIRST_PAUSE_SECONDS
        while True:
            job = self.look(job_id)
            if job is None or job.ended or (stop and stop.is_set()):
                return job
            if stop:
                stop.wait(pause_seconds)
            else:
                self._patience.sleep(pause_seconds)
            pause_seconds = min(pause_seconds * 1.25, LONGEST_PAUSE_SECONDS)

    def results(self, job_id: str, external_id_field: str) -> Iterator[tuple[str, Reply]]:
        """The reply for each row that a job has processed, by external id; those that landed first.

        A result is one answer however long it is: the call has no parameters (Bulk API guide).
        """
        for external_id, row in self._rows(job_id, "successfulResults", external_id_field):
            yield external_id, success_of(row)
        for external_id, row in self._rows(job_id, "failedResults", external_id_field):
            yield external_id, failure_of(row)

    def unprocessed(self, job_id: str, external_id_field: str) -> Iterator[str]:
        """The external ids of rows that a job did not come to."""
        return (external_id for external_id, _ in self._rows(job_id, "unprocessedrecords", external_id_field))

    def _enter(self, job_id: str, state: str) -> None:
        try:
            self._send("PATCH", f"{JOBS}/{job_id}", {"state": state})
        except Faulty as fault:
            # after a lost answer the repeat finds the job further on than it may be
            job = self.look(job_id) if fault.reply.code == "INVALIDJOBSTATE" else None
            arrived = job and (job.ended or (state == "UploadComplete" and job.state != "Open"))
            if not arrived and not (state == "Aborted" and fault.status == 404):
                raise _said(fault, job_id=job_id) from None

    def _send(self, method: str, path: str, body: dict[str, str]) -> Any:  # noqa: ANN401 - what JSON holds
        data = json.dumps(body)
        return self._connection.call(lambda client: client.restful(path, method=method, data=data, repeatable=True))

    def _rows(self, job_id: str, result: str, external_id_field: str) -> Iterator[tuple[str, dict[str, str]]]:
        try:
            with self._transfer.down(f"{JOBS}/{job_id}/{result}") as (file, _):
                yield from rows_in(file, external_id_field)
        except Faulty as fault:
            raise _said(fault, job_id=job_id) from None


def _said(fault: Faulty, *, sobject: str = "", job_id: str = "") -> Co2sfError:
    if fault.status == 404:
        return TryLater(f"Salesforce job {job_id}: the org does not know it any more; its rows are sent again")
    return said(Faulty(fault.status, spelled(fault.reply)), sobject=sobject)
