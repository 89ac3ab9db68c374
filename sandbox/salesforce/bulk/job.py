"""One ingest job: what was asked, how far it is, and what became of each row of its file."""

from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, NamedTuple

from sandbox.salesforce.bulk.problems import JobFailedError
from sandbox.salesforce.bulk.sheet import Sheet
from sandbox.salesforce.clock import print_stamp
from sandbox.salesforce.jsonvalue import Json

State = Literal["Open", "UploadComplete", "InProgress", "JobComplete", "Failed", "Aborted"]
ENDED: Final = frozenset({"JobComplete", "Failed", "Aborted"})


class Outcome(NamedTuple):
    """What became of a row: its id if there is one, whether it was made, and the text of sf__Error if it failed."""

    record_id: str
    created: bool = False
    error: str = ""

    @property
    def locked(self) -> bool:
        """Whether nothing but a lock was in the way."""
        return self.error.startswith("UNABLE_TO_LOCK_ROW:")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the body that opened a job said, with the defaults filled in."""

    sobject: str
    operation: str
    key: str | None
    line_ending: str
    delimiter: str


@dataclass(slots=True)
class Job:
    """A job; `outcomes` are by the number of the row in the file, counted from 0."""

    id: str
    asked: Asked
    version: float
    created_by: str
    created_at: datetime
    changed_at: datetime
    state: State = "Open"
    content: bytes | None = None
    failure: str | None = None
    retries: int = 0
    failed: int = 0
    active_seconds: float = 0.0
    total_seconds: float = 0.0
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    sheet: Sheet | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing happens any more."""
        return self.state in ENDED

    def enter(self, state: State, now: datetime, failure: str | None = None) -> None:
        """Goes on to a state; an ended job stays as it is."""
        if not self.ended:
            self.state, self.changed_at, self.failure = state, now, failure

    def keep(self, number: int, outcome: Outcome) -> None:
        """Notes what became of a row."""
        self.outcomes[number] = outcome
        self.failed += bool(outcome.error)
        if outcome.created:
            self.made.add(outcome.record_id)

    def unread(self) -> Sheet:
        """The file, its rows not read yet; what is not UTF-8 fails the job (verified; the end of the text inferred)."""
        try:
            text = (self.content or b"").decode("utf-8")
        except UnicodeDecodeError as error:
            raise JobFailedError("InvalidBatch", f"Failed to parse CSV. The file is not UTF-8: {error}") from None
        return Sheet(text, self.asked.delimiter, self.asked.line_ending)

    def readable(self) -> Sheet | None:
        """The file with its rows, or None when it cannot be read."""
        if self.sheet is None:
            with suppress(JobFailedError):
                sheet = self.unread()
                deque(sheet.scan(), maxlen=0)
                self.sheet = sheet
        return self.sheet

    def head(self) -> dict[str, Json]:
        """The answer to create, UploadComplete and Aborted: contentUrl is relative, apiVersion a number (verified).

        That contentUrl goes when the job runs is verified, that it is there while it waits too.
        """
        shown: dict[str, Json] = {
            "id": self.id,
            "operation": self.asked.operation,
            "object": self.asked.sobject,
            "createdById": self.created_by,
            "createdDate": print_stamp(self.created_at),
            "systemModstamp": print_stamp(self.changed_at),
            "state": self.state,
            "externalIdFieldName": self.asked.key,
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": self.version,
            "contentUrl": f"services/data/v{self.version:.1f}/jobs/ingest/{self.id}/batches",
            "lineEnding": self.asked.line_ending,
            "columnDelimiter": self.asked.delimiter,
        }
        if self.state not in {"Open", "UploadComplete"}:
            del shown["contentUrl"]
        return shown if self.asked.key else {name: shown[name] for name in shown if name != "externalIdFieldName"}

    def info(self) -> dict[str, Json]:
        """The answer to GET: failed rows count as processed too, times are milliseconds (verified).

        totalProcessingTime is 0 until the job has ended (published recording); triggers take no time here.
        """
        shown = self.head() | {
            "jobType": "V2Ingest",
            "retries": self.retries,
            "totalProcessingTime": round(self.total_seconds * 1000),
            "apiActiveProcessingTime": round(self.active_seconds * 1000),
            "apexProcessingTime": 0,
            "numberRecordsProcessed": len(self.outcomes),
            "numberRecordsFailed": self.failed,
        }
        return shown if self.failure is None else shown | {"errorMessage": self.failure}
