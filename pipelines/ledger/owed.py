"""Owed rows: what has not landed, why, and when it is worth another try."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select

from pipelines.ledger.database import slices, upsert
from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.ledger.tables import owed

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Owed:
    """One row that has not landed, with the outcome of its last try."""

    sobject: str
    external_id: str
    object: str
    record_id: int
    verdict: Verdict
    observed_at: datetime
    fingerprint: str
    salesforce_id: str | None
    code: str
    field: str
    message: str
    awaits: tuple[str, str] | None
    tries: int
    first_at: datetime
    last_at: datetime
    due_at: datetime | None
    """A refused row waits until then; a held one is always due, a rejected one never by time."""
    mapping_fingerprint: str
    run_id: str

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells owed rows apart: two records may claim the same external id."""
        return self.sobject, self.record_id, self.external_id


_PLAIN = tuple(one.name for one in fields(Owed) if one.name not in {"verdict", "awaits"})


def tried(outcome: Outcome, before: Owed | None, run_id: str, at: datetime, mapping_fingerprint: str) -> Owed:
    """The owed row after one more try; another kind of verdict starts the count of tries again."""
    goes_on = before is not None and before.verdict == outcome.verdict
    tries = before.tries + 1 if before is not None and goes_on else 1
    return Owed(
        sobject=outcome.sobject,
        external_id=outcome.external_id,
        object=outcome.object,
        record_id=outcome.record_id,
        verdict=outcome.verdict,
        observed_at=outcome.observed_at,
        fingerprint=outcome.fingerprint,
        salesforce_id=outcome.salesforce_id,
        code=outcome.code,
        field=outcome.field,
        message=outcome.message,
        awaits=outcome.awaits,
        tries=tries,
        first_at=at if before is None else before.first_at,
        last_at=at,
        due_at=at + wait_after(tries) if outcome.verdict is Verdict.REFUSED else None,
        mapping_fingerprint=mapping_fingerprint,
        run_id=run_id,
    )


def wait_after(tries: int) -> timedelta:
    """One minute after the first try, then twice as long each time, a day at most."""
    doublings: int = 2 ** min(tries - 1, 20)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def of_records(connection: Connection, sobject: str, record_ids: Iterable[int]) -> list[Owed]:
    """All owed rows of these top-level records."""
    return [
        found
        for among in slices(owed.c.record_id, record_ids)
        for found in _read(connection, owed.c.sobject == sobject, among)
    ]


def listed(connection: Connection, limit: int | None, wanted: Mapping[str, str | int | None]) -> list[Owed]:
    """Owed rows whose columns equal the wanted values (None: any), the longest owed first."""
    conditions = [owed.c[name] == value for name, value in wanted.items() if value is not None]
    return _read(connection, *conditions, limit=limit)


def counts(connection: Connection) -> dict[str, dict[Verdict, int]]:
    """How many rows are owed, by sObject and verdict."""
    found: dict[str, dict[Verdict, int]] = {}
    counted = select(owed.c.sobject, owed.c.verdict, func.count()).group_by(owed.c.sobject, owed.c.verdict)
    for sobject, verdict, number in connection.execute(counted):
        found.setdefault(sobject, {})[Verdict(verdict)] = number
    return found


def due(connection: Connection, object_name: str, at: datetime, limit: int) -> list[int]:
    """Record ids to read again now, the one not tried for longest first."""
    ripe = or_(
        owed.c.verdict == Verdict.HELD.value,
        and_(owed.c.verdict == Verdict.REFUSED.value, owed.c.due_at <= at),
    )
    ids = select(owed.c.record_id).where(owed.c.object == object_name, ripe).group_by(owed.c.record_id)
    return list(connection.scalars(ids.order_by(func.min(owed.c.last_at), owed.c.record_id).limit(limit)))


def rejected_under(connection: Connection, sobject: str, other_than_fingerprint: str) -> list[int]:
    """Record ids that another version of the mapping rejected."""
    ids = select(owed.c.record_id).distinct().order_by(owed.c.record_id)
    earlier = owed.c.mapping_fingerprint != other_than_fingerprint
    rejected = owed.c.verdict == Verdict.REJECTED.value
    return list(connection.scalars(ids.where(owed.c.sobject == sobject, rejected, earlier)))


def keep(connection: Connection, kept: Sequence[Owed]) -> None:
    """Store owed rows."""
    upsert(connection, owed, [_columns(one) for one in kept])


def close(connection: Connection, keys: Sequence[tuple[str, int, str]]) -> None:
    """Remove owed rows by (sobject, record id, external id)."""
    if not keys:
        return
    this = delete(owed).where(
        owed.c.sobject == bindparam("s"), owed.c.record_id == bindparam("r"), owed.c.external_id == bindparam("e")
    )
    connection.execute(
        this, [{"s": sobject, "r": record_id, "e": external_id} for sobject, record_id, external_id in keys]
    )


def _columns(one: Owed) -> dict[str, object]:
    columns = {name: getattr(one, name) for name in _PLAIN}
    awaits = one.awaits or (None, None)
    return {**columns, "verdict": one.verdict.value, "awaits_sobject": awaits[0], "awaits_external_id": awaits[1]}


def _read(connection: Connection, *conditions: object, limit: int | None = None) -> list[Owed]:
    query = select(owed).where(*conditions)  # type: ignore[arg-type]
    query = query.order_by(owed.c.first_at, owed.c.sobject, owed.c.record_id, owed.c.external_id).limit(limit)
    found = []
    for row in connection.execute(query).mappings():
        columns = dict(row)
        awaited = (columns.pop("awaits_sobject"), columns.pop("awaits_external_id"))
        columns |= {"verdict": Verdict(columns["verdict"]), "awaits": None if awaited[0] is None else awaited}
        found.append(Owed(**columns))
    return found
