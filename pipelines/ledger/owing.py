"""The part of the ledger that knows what is owed, and when it is tried again."""
# ruff: noqa: A002 - an object is a word of the vocabulary

from collections.abc import Collection, Mapping
from datetime import datetime

from pipelines.ledger import ages, inbox, kinship, owed, trying
from pipelines.ledger.ages import Age
from pipelines.ledger.choice import Choice
from pipelines.ledger.database import reading, writing
from pipelines.ledger.outcome import Verdict
from pipelines.ledger.owed import Owed
from pipelines.ledger.part import Part

RETRY = "retry"
"""The signal of what a person wants to be tried again."""


class Owing(Part):
    """What has not landed."""

    def owed(
        self,
        sobject: str | None = None,
        object: str | None = None,
        record_id: int | None = None,
        verdict: Verdict | None = None,
        limit: int | None = None,
    ) -> list[Owed]:
        """Owed rows that fit all that is given, the longest owed first."""
        return self.chosen(Choice(sobject, object, record_id, verdict, limit=limit))

    def chosen(self, choice: Choice) -> list[Owed]:
        """The owed rows that a person means, the longest owed first."""
        with reading(self._engine) as connection:
            return owed.listed(connection, choice)

    def number_owed(self, choice: Choice) -> int:
        """How many owed rows fit, whatever the limit."""
        with reading(self._engine) as connection:
            return owed.number(connection, choice)

    def owed_counts(self) -> dict[str, dict[Verdict, int]]:
        """How many rows are owed, by sObject and verdict."""
        with reading(self._engine) as connection:
            return owed.counts(connection)

    def owed_before(self, sobject: str, before: datetime) -> list[Age]:
        """What of an sObject has been owed since before that moment, by code, the most rows first."""
        with reading(self._engine) as connection:
            return ages.owed_before(connection, sobject, before)

    def due(self, object: str, sobjects: Collection[str], at: datetime, limit: int) -> list[int]:
        """Record ids with rows of these sObjects that are due by time, the one not tried for longest first."""
        with reading(self._engine) as connection:
            return trying.due(connection, object, sobjects, at, limit)

    def came_due(self, sobjects: Collection[str], since: datetime, until: datetime) -> bool:
        """Whether a row of these sObjects came due after one moment and up to another."""
        with reading(self._engine) as connection:
            return trying.came_due(connection, sobjects, since, until)

    def edited(self, fingerprints: Mapping[str, str]) -> set[int]:
        """Record ids of rows that were tried under another mapping than the one their sObject has now."""
        with reading(self._engine) as connection:
            return trying.edited(connection, fingerprints)

    def awaiting(self, sobjects: Collection[str], record_ids: Collection[int]) -> dict[str, set[int]]:
        """Records, by object, that wait for rows of these sObjects which these records owe."""
        with reading(self._engine) as connection:
            return kinship.awaiting(connection, sobjects, record_ids)

    def awaited(self) -> dict[str, set[str]]:
        """The objects that wait, by the sObject of the parents that they wait for."""
        with reading(self._engine) as connection:
            return kinship.awaited(connection)

    def retry(self, choice: Choice, at: datetime) -> int:
        """Let the chosen rows be tried by the next run, whatever their turn; how many there are."""
        with writing(self._engine) as connection:
            rows = owed.listed(connection, choice)
            owed.let_be_due(connection, rows, at)
            for name in {each.object for each in rows}:
                inbox.note(connection, name, (each.record_id for each in rows if each.object == name), RETRY, at)
        return len(rows)
