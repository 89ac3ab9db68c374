"""Alerts: problems that a person is told of, and how far each has been told."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from pipelines.ledger.database import slices, upsert
from pipelines.ledger.tables import alerts

LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Alert:
    """One problem from its beginning to the word that it is over."""

    key: str
    severity: str
    """``error`` or ``warning``."""
    title: str
    reason: str
    to_do: str
    link: str
    """Where the Dagster UI shows it; empty when it is not known where the UI is."""
    run_id: str
    """The last run that showed it; empty for none. It is kept while the alert stands."""
    times: int
    """How often it happened; 0 for what is a state."""
    begun_at: datetime
    told_at: datetime | None
    """When it was told last; None: nobody has been told yet."""
    gone_at: datetime | None
    """Since when it is gone, though it may come back at once; None while it stands."""


def read(connection: Connection) -> list[Alert]:
    """All that stand, the oldest first."""
    return [Alert(*each) for each in connection.execute(select(alerts).order_by(alerts.c.begun_at, alerts.c.key))]


def keep(connection: Connection, kept: Iterable[Alert]) -> None:
    """Store alerts, new ones and known ones."""
    upsert(connection, alerts, [asdict(each) for each in kept])


def close(connection: Connection, keys: Collection[str]) -> None:
    """Remove those that are over."""
    for among in slices(alerts.c.key, keys):
        connection.execute(delete(alerts).where(among))
