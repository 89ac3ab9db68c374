"""The part of the ledger that knows which problems stand and who was told, and what the reasons for alarm are."""

from collections.abc import Collection
from datetime import datetime

from pipelines.ledger import ages, alerts, backlog
from pipelines.ledger.ages import Newly
from pipelines.ledger.alerts import Alert
from pipelines.ledger.database import reading, writing
from pipelines.ledger.part import Part


class Alarming(Part):
    """What a person is to be told of."""

    def alerts(self) -> list[Alert]:
        """The problems that stand, the oldest first."""
        with reading(self._engine) as connection:
            return alerts.read(connection)

    def keep_alerts(self, kept: Collection[Alert], over: Collection[str] = ()) -> None:
        """Keep how alerts stand now, and close those that are ``over``."""
        if kept or over:
            with writing(self._engine) as connection:
                alerts.keep(connection, kept)
                alerts.close(connection, over)

    def owed_since(self, moment: datetime) -> list[Newly]:
        """What came to be owed since that moment and still is, by sObject and code, the most rows first."""
        with reading(self._engine) as connection:
            return ages.owed_since(connection, moment)

    def news_since(self) -> datetime | None:
        """Since when the hint waits that has waited longest; None when none does."""
        with reading(self._engine) as connection:
            return min((each.since for each in backlog.waiting(connection)), default=None)
