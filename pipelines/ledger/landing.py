"""The part of the ledger that knows what became of rows: their state, and the log."""
# ruff: noqa: A002 - an object is a word of the vocabulary

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from pipelines.errors import EditFile
from pipelines.ledger import flights, log, owed, rows
from pipelines.ledger.database import reading, writing
from pipelines.ledger.excerpt import Excerpt
from pipelines.ledger.log import LogEntry
from pipelines.ledger.outcome import Outcome
from pipelines.ledger.part import Part
from pipelines.ledger.recording import Recording, record
from pipelines.ledger.rows import Known


class Landing(Part):
    """What Salesforce has accepted, and all that happened to each record."""

    def known(self, sobject: str, external_ids: Iterable[str]) -> dict[str, Known]:
        """What Salesforce has accepted for these rows, by external id; rows that never landed are not there."""
        with reading(self._engine) as connection:
            return rows.known(connection, sobject, external_ids)

    def landed(self, sobject: str, external_ids: Iterable[str]) -> set[str]:
        """Those of the external ids that have been accepted and are not gone."""
        with reading(self._engine) as connection:
            return rows.landed(connection, sobject, external_ids)

    def family(self, sobject: str, object: str, record_ids: Iterable[int]) -> dict[str, Known]:
        """The landed rows of these top-level records of an object, by external id."""
        with reading(self._engine) as connection:
            return rows.family(connection, sobject, object, record_ids)

    def rows_with_id(self, salesforce_id: str) -> list[tuple[str, str]]:
        """The rows, as (sobject, external id), that have this Salesforce id."""
        with reading(self._engine) as connection:
            return rows.by_salesforce_id(connection, salesforce_id)

    def part(self, sobject: str, number: int, parts: int) -> dict[str, Known]:
        """One of so many parts of the rows that have landed and are not gone, by external id."""
        with reading(self._engine) as connection:
            return rows.part(connection, sobject, number, parts)

    def counts(self, sobject: str) -> int:
        """How many rows have landed and are not gone."""
        with reading(self._engine) as connection:
            return rows.count(connection, sobject)

    def record(
        self,
        run_id: str,
        outcomes: Sequence[Outcome],
        at: datetime,
        *,
        mapping_fingerprints: Mapping[str, str] | None = None,
        flight: int | None = None,
    ) -> list[Outcome]:
        """Record what became of rows (at most some 10,000 at a time), all that a ``flight`` was answered for them; the
        outcomes that a newer one had overtaken.

        An overtaken write leaves its row owed, to be read and sent again; all else about it is already recorded.
        """
        recording = Recording(run_id, at, mapping_fingerprints or {})
        with writing(self._engine) as connection:
            record(connection, recording, outcomes)
            if flight is not None:
                flights.arrive(connection, flight)
        return recording.overtaken

    def forget_unseen(
        self, sobject: str, seen: Mapping[int, Collection[str]], observed_at: datetime, run_id: str, at: datetime
    ) -> int:
        """Close what is owed for rows that a complete newer read of their record no longer shows; how many rows.

        ``seen`` holds, for each record read whole at ``observed_at``, the external ids of all its rows.
        """
        with writing(self._engine) as connection:
            candidates = owed.of_records(connection, sobject, seen)
            closed = [
                one
                for one in candidates
                if one.observed_at < observed_at and one.external_id not in seen[one.record_id]
            ]
            owed.close(connection, [one.key for one in closed])
            log.write_forgotten(connection, run_id, at, closed, "the record no longer has this row")
        return len(closed)

    def history(self, object: str, record_id: int) -> list[LogEntry]:
        """Everything that ever happened to a record, oldest first."""
        with reading(self._engine) as connection:
            return log.last(connection, Excerpt(object=object, record_ids=(record_id,)), None)

    def log(self, run_id: str | None = None, limit: int | None = 1000) -> list[LogEntry]:
        """The last lines of the log (of one run; None: all of them), oldest first."""
        return self.told(Excerpt(run_id=run_id), limit)

    def told(self, excerpt: Excerpt, limit: int | None = None) -> list[LogEntry]:
        """The last lines of the log that a person means, oldest first."""
        with reading(self._engine) as connection:
            return log.last(connection, excerpt, limit)

    def run_named(self, beginning: str) -> str:
        """The id of the one run in the log whose id begins so; EditFile when there is none, or several."""
        with reading(self._engine) as connection:
            found = log.runs(connection, beginning)
        if len(found) != 1:
            many = f"{len(found)} runs" if found else "no run that changed anything"
            raise EditFile(f"{many} in the log: id begins with {beginning!r}; co2sf log lists the last runs")
        return found[0]

    def parts(self, excerpt: Excerpt, size: int) -> Iterator[list[LogEntry]]:
        """All lines that a person means, so many at a time, each time in a transaction of its own; what is written
        meanwhile comes last."""
        after = 0
        while True:
            with reading(self._engine) as connection:
                part = log.lines(connection, excerpt, after, size)
            if not part:
                return
            yield part
            after = part[-1].line
