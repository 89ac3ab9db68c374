"""The part of the ledger that forgets: old lines of the log and what nobody can come back for, nothing else ever."""

from datetime import datetime, timedelta
from pathlib import Path

from pipelines.ledger import jobs, log, spending
from pipelines.ledger.database import reading, writing
from pipelines.ledger.part import Part

RESULTS_KEPT_FOR = timedelta(days=7)
"""Salesforce keeps the results of an ingest job no longer (Bulk API 2.0 limits)."""

_at_once = 5_000  # other writers wait meanwhile


class Pruning(Part):
    """What is old and not needed. Watermarks, accepted fingerprints, hints, requests under way, owed rows and their
    records' lines in the log are never old."""

    def files(self) -> list[Path]:
        """The SQLite file that all lies in; none on PostgreSQL."""
        is_file = self._engine.dialect.name == "sqlite"
        return [Path(str(self._engine.url.database))] if is_file else []

    def old_lines(self, before: datetime) -> int:
        """How many lines of the log are older than the moment, but for those of records that owe a row."""
        with reading(self._engine) as connection:
            return log.old(connection, before)

    def forget_log(self, before: datetime, limit: int = _at_once) -> int:
        """Remove at most so many of those lines; how many."""
        with writing(self._engine) as connection:
            return log.forget(connection, before, limit)

    def forget_jobs(self, at: datetime) -> int:
        """Forget ingest jobs whose results Salesforce has no more: their rows are in doubt, and sent again when they
        are read; how many."""
        with writing(self._engine) as connection:
            found = jobs.abandoned(connection, at - RESULTS_KEPT_FOR)
            for each in found:
                jobs.forget(connection, each)
        return len(found)

    def forget_calls(self, at: datetime) -> int:
        """Forget the counts of calls that no budget looks at any more; how many."""
        with writing(self._engine) as connection:
            return spending.forget(connection, at)
