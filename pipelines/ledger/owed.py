"""Owed rows: what has not landed, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select

from pipelines.ledger.choice import Choice
from pipelines.ledger.database import slices, upsert
from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.ledger.tables import owed
from pipelines.ledger.trying import due_at


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
    """When it is tried again whatever happens; None for a rejected row, which no passing of time helps."""
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
        due_at=due_at(outcome, tries, at),
        mapping_fingerprint=mapping_fingerprint,
        run_id=run_id,
    )


def of_records(connection: Connection, sobject: str, record_ids: Iterable[int]) -> list[Owed]:
    """All owed rows of these top-level records."""
    return [
        found
        for among in slices(owed.c.record_id, record_ids)
        for found in _read(connection, owed.c.sobject == sobject, among)
    ]


def listed(connection: Connection, choice: Choice) -> list[Owed]:
    """The chosen owed rows, the longest owed first."""
    return _read(connection, *_fits(choice), limit=choice.limit)


def number(connection: Connection, choice: Choice) -> int:
    """How many owed rows fit, whatever the limit."""
    return int(connection.scalar(select(func.count()).select_from(owed).where(*_fits(choice))) or 0)


def counts(connection: Connection) -> dict[str, dict[Verdict, int]]:
    """How many rows are owed, by sObject and verdict."""
    found: dict[str, dict[Verdict, int]] = {}
    counted = select(owed.c.sobject, owed.c.verdict, func.count()).group_by(owed.c.sobject, owed.c.verdict)
    for sobject, verdict, number in connection.execute(counted):
        found.setdefault(sobject, {})[Verdict(verdict)] = number
    return found


def let_be_due(connection: Connection, chosen: Sequence[Owed], at: datetime) -> None:
    """Let rows be due at this moment; what is due never by time stays so."""
    keep(connection, [replace(one, due_at=at) for one in chosen if one.due_at is not None])


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


def _fits(choice: Choice) -> list[ColumnElement[bool]]:
    names = ("sobject", "object", "record_id", "verdict", "code")
    return [owed.c[name] == getattr(choice, name) for name in names if getattr(choice, name) is not None]


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
