"""An ingest job as the org tells it: how far it is, and why it failed."""

import re
from dataclasses import dataclass

from pipelines.errors import TryLater
from pipelines.salesforce.bulk_faults import BULK_FAULTS
from pipelines.salesforce.fault import Fault
from pipelines.salesforce.replies import Reply

ENDED = frozenset({"JobComplete", "Failed", "Aborted"})

_CODE_AND_TEXT = re.compile(r"(\w+) : (.*)", re.DOTALL)
_CODES = {fault.code for fault in BULK_FAULTS}


@dataclass(frozen=True, slots=True)
class JobState:
    """A job at one moment; ``processed`` counts the rows that failed too (Bulk API guide)."""

    id: str
    state: str
    """Open, UploadComplete, InProgress, and at the end JobComplete, Failed or Aborted."""
    processed: int = 0
    failed: int = 0
    message: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing happens any more; rows may have failed, and rows may be unprocessed."""
        return self.state in ENDED

    @property
    def fault(self) -> Reply | None:
        """What befell the job as a whole: the answer for its unprocessed rows; None while all is well."""
        if self.state == "Aborted":
            return Reply(success=False, code="Aborted", message=self.message)
        return coded(self.message) if self.state == "Failed" else None

    @property
    def handling(self) -> Fault | None:
        """What the fault means and what is done about it."""
        return self.fault.handling if self.fault else None


def state_of(answer: object) -> JobState:
    """The state in an answer about a job (Bulk API guide)."""
    if not (isinstance(answer, dict) and answer.get("id") and answer.get("state")):
        raise TryLater("Salesforce: an answer about a job has no id and state; run it again later")
    return JobState(
        id=str(answer["id"]),
        state=str(answer["state"]),
        processed=int(answer.get("numberRecordsProcessed") or 0),
        failed=int(answer.get("numberRecordsFailed") or 0),
        message=str(answer.get("errorMessage") or ""),
    )


def coded(message: str) -> Reply:
    """The reply in a text "Code : text" (Bulk API guide); a code that nobody knows counts as Unknown."""
    found = _CODE_AND_TEXT.fullmatch(message)
    if found and found[1] in _CODES:
        return Reply(success=False, code=found[1], message=found[2])
    return Reply(success=False, code="Unknown", message=message)


def spelled(reply: Reply) -> Reply:
    """The reply of a refused call with the code as jobs spell it: calls write it in capitals (recorded)."""
    job_fault = coded(reply.message)
    return job_fault if job_fault.code.upper() == reply.code else reply
