"""A draft: a copy of a ledger on which a run can be rehearsed; the ledger itself hears nothing of it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pipelines.ledger.database import engine_for
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Outcome


class Draft(Ledger):
    """The copy; it remembers every verdict that is recorded in it, in order."""

    outcomes: list[Outcome]

    def record(
        self,
        run_id: str,
        outcomes: Sequence[Outcome],
        at: datetime,
        *,
        mapping_fingerprints: Mapping[str, str] | None = None,
        flight: int | None = None,
    ) -> list[Outcome]:
        """As a ledger does."""
        self.outcomes.extend(outcomes)
        return super().record(run_id, outcomes, at, mapping_fingerprints=mapping_fingerprints, flight=flight)


@contextmanager
def draft_of(ledger: Ledger, folder: Path) -> Iterator[Draft]:
    """A copy of the ledger in an empty folder, as long as the block lasts."""
    draft = Draft(engine_for(f"sqlite:///{folder / 'draft.db'}"))
    draft.outcomes = []
    with draft:
        ledger.copy_to(draft)
        yield draft
