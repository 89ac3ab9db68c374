"""The part of the ledger that is measured from outside."""

from datetime import datetime, timedelta

from pipelines.ledger import backlog
from pipelines.ledger.backlog import Number, Waiting
from pipelines.ledger.database import reading
from pipelines.ledger.part import Part


class Measuring(Part):
    """Numbers without any customer's value."""

    def waiting(self) -> list[Waiting]:
        """The hints in the inbox by object."""
        with reading(self._engine) as connection:
            return backlog.waiting(connection)

    def owed_by_code(self) -> list[Number]:
        """The owed rows by sObject, verdict and code."""
        with reading(self._engine) as connection:
            return backlog.owed_by_code(connection)

    def last_run(self) -> list[Number]:
        """What the run that wrote to the log last did, by sObject and verdict."""
        with reading(self._engine) as connection:
            return backlog.last_run(connection)

    def calls_of_last_minute(self, account: str, now: datetime) -> dict[str, int]:
        """The calls to an account in the last minute that is over, by signal."""
        minute = now.replace(second=0, microsecond=0) - timedelta(minutes=1)
        with reading(self._engine) as connection:
            return backlog.calls_in(connection, account, minute)
