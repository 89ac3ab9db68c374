"""What became of every record, kept in a database of our own: the only room that knows SQL."""

from pipelines.ledger.choice import Choice
from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.ledger.log import LogEntry
from pipelines.ledger.outcome import OWED, Outcome, Verdict
from pipelines.ledger.owed import Owed
from pipelines.ledger.rows import Known
from pipelines.ledger.walks import Walk
from pipelines.ledger.watermarks import Watermark

__all__ = [
    "OWED",
    "Choice",
    "Known",
    "Ledger",
    "LogEntry",
    "Outcome",
    "Owed",
    "Verdict",
    "Walk",
    "Watermark",
    "open_ledger",
]
