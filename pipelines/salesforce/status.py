"""One table: every status code of Salesforce, what it means, and what is done about it."""

from functools import lru_cache

from pipelines.errors import Co2sfError, FixAccess, TryLater
from pipelines.salesforce.bulk_faults import BULK_FAULTS
from pipelines.salesforce.fault import Fault, Kind
from pipelines.salesforce.org_faults import ORG_FAULTS
from pipelines.salesforce.row_faults import ROW_FAULTS

FAULTS = ORG_FAULTS + ROW_FAULTS + BULK_FAULTS


class SObjectStopped(FixAccess):
    """Mapping and org do not fit: no row of this sObject can land until a person acts, other sObjects go on."""

    def __init__(self, sobject: str, text: str) -> None:
        super().__init__(text)
        self.sobject = sobject


@lru_cache(maxsize=4096)
def handling(code: str, message: str = "") -> Fault:
    """The first row of the table that fits; a code that nobody knows is refused."""
    for fault in FAULTS:
        if fault.fits(code, message):
            return fault
    return Fault(code, Kind.REFUSE, "Salesforce does not take this row", "the message says why, in Salesforce's words")


def stopping(code: str, message: str, *, sobject: str = "") -> Co2sfError:
    """The error for a fault that stops more than one row: one sentence that names the cause and what to do."""
    fault = handling(code, message)
    quoted = " ".join(message.split())[:200]
    text = f"Salesforce: {fault.cause} ({code}: {quoted!r}); {fault.advice}"
    if fault.kind is Kind.SOBJECT_STOP and sobject:
        return SObjectStopped(sobject, f"Salesforce {sobject}: {fault.cause} ({code}: {quoted!r}); {fault.advice}")
    return TryLater(text) if fault.passes or fault.kind is Kind.RETRY else FixAccess(text)
