"""The ledger: one object that answers what is known, records what became of rows, and keeps what is owed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Self

from sqlalchemy import Engine

from pipelines.errors import FixAccess
from pipelines.ledger import accounts, inbox, log, open_set, owed, rows, watermarks
from pipelines.ledger.database import engine_for, reading, writing
from pipelines.ledger.log import LogEntry
from pipelines.ledger.migrate import migrate
from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.ledger.owed import Owed
from pipelines.ledger.recording import Recording, record
from pipelines.ledger.rows import Known
from pipelines.ledger.watermarks import Watermark


def open_ledger(url: str) -> "Ledger":
    """Open the ledger at ``sqlite:///path/ledger.db`` or a PostgreSQL url, its tables made; FixAccess if it cannot."""
    engine = engine_for(url)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Ledger(engine)


class Ledger:
    """What we know of every row; each method is one transaction, safe beside other processes and threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def claim(self, kind: str, account: str) -> None:
        """Keep whose rows these are; FixAccess when the ledger knows another account than this one."""
        with writing(self._engine) as connection:
            known = accounts.claimed(connection, kind, account)
        if known != account:
            raise FixAccess(f"ledger: its rows are those of {kind} {known}, and this is {kind} {account}; "
                            "give it a ledger of its own (CO2SF_LEDGER), then sync")  # fmt: skip

    def watermarks(self) -> dict[str, Watermark]:
        """How far each mapping has been synced, by sObject."""
        with reading(self._engine) as connection:
            return watermarks.read(connection)

    def forget_watermarks(self, but: Collection[str]) -> None:
        """Forget how far sObjects were synced that no mapping names any more: one that comes back is read whole."""
        with writing(self._engine) as connection:
            watermarks.forget(connection, but)

    def advance(self, run_id: str, sobject: str, end_at: datetime, mapping_fingerprint: str, at: datetime) -> None:
        """Move a watermark on, never back."""
        with writing(self._engine) as connection:
            watermarks.advance(connection, sobject, Watermark(end_at, mapping_fingerprint, run_id, at))

    def known(self, sobject: str, external_ids: Iterable[str]) -> dict[str, Known]:
        """What Salesforce has accepted for these rows, by external id; rows that never landed are not there."""
        with reading(self._engine) as connection:
            return rows.known(connection, sobject, external_ids)

    def landed(self, sobject: str, external_ids: Iterable[str]) -> set[str]:
        """Those of the external ids that have been accepted and are not gone."""
        with reading(self._engine) as connection:
            return rows.landed(connection, sobject, external_ids)

    def family(self, sobject: str, object: str, record_ids: Iterable[int]) -> dict[str, Known]:  # noqa: A002
        """The landed rows of these top-level records of an object, by external id."""
        with reading(self._engine) as connection:
            return rows.family(connection, sobject, object, record_ids)

    def doubt(self, external_ids: Mapping[str, Collection[str]]) -> None:
        """Before rows are sent: forget their fingerprints, so that a lost answer is never taken for none."""
        if any(external_ids.values()):
            with writing(self._engine) as connection:
                for sobject, ids in external_ids.items():
                    rows.doubt(connection, sobject, ids)

    def suspect(self, sobject: str, external_id: str, at: datetime) -> None:
        """A row that should have landed is missing in Salesforce: forget its fingerprint and hint at its record."""
        with writing(self._engine) as connection:
            state = rows.known(connection, sobject, [external_id]).get(external_id)
            if state is not None:
                rows.doubt(connection, sobject, [external_id])
                inbox.note(connection, state.object, [state.record_id], "missing in Salesforce", at)

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
        log_unchanged: bool = False,
        mapping_fingerprints: Mapping[str, str] | None = None,
    ) -> list[Outcome]:
        """Record what became of rows (at most some 10,000 at a time); the outcomes that a newer one had overtaken.

        An overtaken write leaves its row owed, to be read and sent again; all else about it is already recorded.
        """
        recording = Recording(run_id, at, mapping_fingerprints or {})
        with writing(self._engine) as connection:
            record(connection, recording, outcomes, log_unchanged=log_unchanged)
        return recording.overtaken

    def owed(
        self,
        sobject: str | None = None,
        object: str | None = None,  # noqa: A002 - the word of the vocabulary
        record_id: int | None = None,
        verdict: Verdict | None = None,
        limit: int | None = None,
    ) -> list[Owed]:
        """Owed rows that fit all that is given, the longest owed first."""
        wanted = {"sobject": sobject, "object": object, "record_id": record_id, "verdict": verdict and verdict.value}
        with reading(self._engine) as connection:
            return owed.listed(connection, limit, wanted)

    def owed_counts(self) -> dict[str, dict[Verdict, int]]:
        """How many rows are owed, by sObject and verdict."""
        with reading(self._engine) as connection:
            return owed.counts(connection)

    def due(self, object: str, at: datetime, limit: int) -> list[int]:  # noqa: A002
        """Record ids worth another try now: held always, refused when their wait is over, rejected never by time."""
        with reading(self._engine) as connection:
            return owed.due(connection, object, at, limit)

    def rejected_under(self, sobject: str, other_than_fingerprint: str) -> list[int]:
        """Record ids that an earlier version of the mapping rejected."""
        with reading(self._engine) as connection:
            return owed.rejected_under(connection, sobject, other_than_fingerprint)

    def forget_missing(self, object: str, record_id: int, run_id: str, at: datetime) -> int:  # noqa: A002
        """Close what is owed for a record that ChargeOver no longer has, with a line in the log; how many rows."""
        with writing(self._engine) as connection:
            closed = owed.listed(connection, None, {"object": object, "record_id": record_id})
            owed.close(connection, [one.key for one in closed])
            log.write_forgotten(connection, run_id, at, closed, "the record is no longer in ChargeOver")
        return len(closed)

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

    def history(self, object: str, record_id: int) -> list[LogEntry]:  # noqa: A002
        """Everything that ever happened to a record, oldest first."""
        with reading(self._engine) as connection:
            return log.history(connection, object, record_id)

    def log(self, run_id: str | None = None, limit: int = 1000) -> list[LogEntry]:
        """The last lines of the log (of one run), oldest first."""
        with reading(self._engine) as connection:
            return log.latest(connection, run_id, limit)

    def forget_log(self, before: datetime) -> int:
        """Remove log lines older than the moment; how many."""
        with writing(self._engine) as connection:
            return log.forget(connection, before)

    def open_marks(self, object: str) -> dict[int, str]:  # noqa: A002
        """The records that ChargeOver last showed as open, with a mark of their content."""
        with reading(self._engine) as connection:
            return open_set.read(connection, object)

    def remember_open(self, object: str, marks: Mapping[int, str]) -> None:  # noqa: A002
        """Make these the open records of the object, in place of those remembered before."""
        with writing(self._engine) as connection:
            open_set.remember(connection, object, marks)

    def note(self, object: str, record_ids: Collection[int], signal: str, at: datetime) -> None:  # noqa: A002
        """Keep hints that records have changed, until the object is settled past ``at``."""
        if record_ids:
            with writing(self._engine) as connection:
                inbox.note(connection, object, record_ids, signal, at)

    def noted(self, object: str, after: datetime | None = None) -> set[int]:  # noqa: A002
        """The records of an object that were hinted at after the moment (None: at all)."""
        with reading(self._engine) as connection:
            return inbox.noted(connection, object, after)

    def settle(self, object: str, until: datetime) -> None:  # noqa: A002
        """Forget the hints noted up to the moment, since every mapping of the object has followed them."""
        with writing(self._engine) as connection:
            inbox.settle(connection, object, until)
