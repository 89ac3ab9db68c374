"""What of a row is sent when Salesforce has it already: only what differs, and never what may be set once."""

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field

from pipelines.ledger.rows import Known
from pipelines.salesforce.replies import Reply
from pipelines.sync.row import Names, Row

SET_ONCE = "INVALID_FIELD_FOR_INSERT_UPDATE"
"""The code for a field that may not be written, or not any more (REST API guide, status codes)."""


@dataclass(frozen=True, slots=True)
class Updates:
    """How rows are updated; ``create_only`` holds, by sObject, the fields and lookups that are set at create only."""

    partial: bool = True
    create_only: Dictionary[str, Names] = field(default_factory=dict)

    def of(self, row: Row, known: Known | None) -> Row:
        """The row with what is to be sent of it, by what Salesforce is known to have.

        What is set once is named all the same when it has changed: left out, the row would be wrong and nobody told."""
        if known is None or known.gone:
            return row.sending(None)
        every, differing = frozenset(row.mapping.written), row.differing(known)
        wanted = differing if self.partial and differing is not None else every
        only = wanted - (self._once(row) - (differing or frozenset()))
        return row.sending(None if only == every else only)

    def again(self, row: Row, reply: Reply) -> Row | None:
        """The row to send once more: whole, when Salesforce turns out not to have it; without what is set once, when it
        turns out to have it. None when the reply stands."""
        if row.only is not None and (reply.created or reply.code == "REQUIRED_FIELD_MISSING"):
            return row.sending(None)
        if row.only is None and self._once(row) and reply.code == SET_ONCE:
            return row.sending(frozenset(row.mapping.written) - self._once(row))
        return None

    def _once(self, row: Row) -> Names:
        return self.create_only.get(row.mapping.to, frozenset())
