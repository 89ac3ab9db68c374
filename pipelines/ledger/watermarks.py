"""Watermarks: how far each mapping has been synced by a cursor."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from pipelines.ledger.database import upsert
from pipelines.ledger.tables import watermarks


@dataclass(frozen=True, slots=True)
class Watermark:
    """Every change before ``end_at`` has a verdict in the ledger."""

    end_at: datetime
    mapping_fingerprint: str
    run_id: str
    committed_at: datetime


def read(connection: Connection) -> dict[str, Watermark]:
    """All watermarks by sObject."""
    return {sobject: Watermark(*rest) for sobject, *rest in connection.execute(select(watermarks))}


def advance(connection: Connection, sobject: str, to: Watermark) -> None:
    """Move a watermark on; one that already stands further stays, so that a slow run cannot take back a fast one's."""
    standing = read(connection).get(sobject)
    if standing is not None and standing.end_at > to.end_at:
        return
    upsert(
        connection,
        watermarks,
        [
            {
                "sobject": sobject,
                "end_at": to.end_at,
                "mapping_fingerprint": to.mapping_fingerprint,
                "run_id": to.run_id,
                "committed_at": to.committed_at,
            }
        ],
    )


def forget(connection: Connection, but: Collection[str]) -> None:
    """Remove the watermarks of all sObjects but these."""
    connection.execute(delete(watermarks).where(watermarks.c.sobject.not_in(list(but))))
