"""The part of the ledger that calls to both vendors go by: what an account supports, and how much it was asked."""

from collections.abc import Mapping
from datetime import datetime

from pipelines.ledger import capabilities, pauses, spending
from pipelines.ledger.database import reading, writing
from pipelines.ledger.part import Part


class Calling(Part):
    """What is known of accounts, each named by its URL."""

    def learn(self, account: str, found: Mapping[str, str], at: datetime) -> None:
        """Keep what the account was found to support, by name; other names keep what was found before."""
        with writing(self._engine) as connection:
            capabilities.learn(connection, account, found, at)

    def capabilities(self, account: str) -> dict[str, str]:
        """What the account was found to support, by name; nothing when it was never asked."""
        with reading(self._engine) as connection:
            return capabilities.read(connection, account)

    def spend(self, account: str, signal: str, calls: int, at: datetime) -> int:
        """Count calls of a signal in the minute of ``at``; all calls of all signals in that minute."""
        with writing(self._engine) as connection:
            return spending.spend(connection, account, signal, calls, at)

    def spent(self, account: str, since: datetime) -> dict[str, int]:
        """The calls by signal, in the minute of ``since`` and all later ones; kept for a day."""
        with reading(self._engine) as connection:
            return spending.spent(connection, account, since)

    def oldest_call(self, account: str, since: datetime) -> datetime | None:
        """The first minute in which calls were made, of that of ``since`` and all later ones; None without calls."""
        with reading(self._engine) as connection:
            return spending.oldest(connection, account, since)

    def last_call(self, account: str, signal: str) -> datetime | None:
        """The last minute in which calls of a signal were made; None without any in a day."""
        with reading(self._engine) as connection:
            return spending.last(connection, account, signal)

    def spent_by_minute(self, account: str, since: datetime) -> list[tuple[datetime, str, int]]:
        """The calls of each minute from that of ``since`` on, as (minute, signal, calls), the oldest first."""
        with reading(self._engine) as connection:
            return spending.by_minute(connection, account, since)

    def pause(self, account: str, until: datetime) -> None:
        """Keep that the account wants no calls until then; the later of two pauses wins."""
        with writing(self._engine) as connection:
            pauses.pause(connection, account, until)

    def paused_until(self, account: str) -> datetime | None:
        """The end of the last pause, which may have passed; None when there never was one."""
        with reading(self._engine) as connection:
            return pauses.paused_until(connection, account)
