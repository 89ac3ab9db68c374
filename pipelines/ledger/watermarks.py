"""Watermarks: how far each mapping has been synced by cursor and by hints."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, delete, select

from pipelines.ledger.database import upsert
from pipelines.ledger.tables import watermarks


@dataclass(frozen=True, slots=True)
class Watermark:
    """Every change before ``end_at``, and every record hinted at by a number up to ``hint``, has a verdict."""

    end_at: datetime
    mapping_fingerprint: str
    run_id: str
    committed_at: datetime
    hint: int


def read(connection: Connection) -> dict[str, Watermark]:
    """All watermarks by sObject."""
    return {sobject: Watermark(*rest) for sobject, *rest in connection.execute(select(watermarks))}


def advance(connection: Connection, sobject: str, to: Watermark) -> None:
    """Move a watermark on; where one already stands further it stays, so that a slow run takes back nothing. One that
    stands in the future does not: a clock was wrong."""
    standing = read(connection).get(sobject, to)
    newer = to if to.end_at >= standing.end_at or standing.end_at > to.committed_at else standing
    moved = replace(newer, hint=max(to.hint, standing.hint))
    upsert(connection, watermarks, [{"sobject": sobject, **asdict(moved)}])


def forget(connection: Connection, but: Collection[str]) -> None:
    """Remove the watermarks of all sObjects but these."""
    connection.execute(delete(watermarks).where(watermarks.c.sobject.not_in(list(but))))
