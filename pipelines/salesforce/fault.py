"""The words in which the tables of Salesforce's status codes are written."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What to do about a fault."""

    RETRY = "retry"
    """Send the same row again in a moment."""
    HOLD = "hold"
    """The row waits for its parent."""
    REFUSE = "refuse"
    """This row cannot land as it is; the others can."""
    SPLIT = "split"
    """A whole call failed for what is in some of its rows: find them."""
    STOP = "stop"
    """No row of any mapping can land now."""
    SOBJECT_STOP = "sobject_stop"
    """No row of this sObject can land: mapping and org do not fit."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One status code, or those of its messages that match, with what it means and what to do."""

    code: str
    kind: Kind
    cause: str
    advice: str
    message: str = ""
    """A regular expression that the message must hold; empty: any message."""
    passes: bool = False
    """Of a stop: it passes with time, nobody has to change anything."""

    def fits(self, code: str, message: str) -> bool:
        """Whether this row of the table speaks of that fault."""
        return code == self.code and (not self.message or _says(self.message, message))


def _says(pattern: str, message: str) -> bool:
    # a quoted value may hold line ends
    return re.search(pattern, message, re.IGNORECASE | re.DOTALL) is not None
