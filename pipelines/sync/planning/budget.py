"""The calls of a plan: taken from the account's share as a plan's, and counted in the draft as those of a sync."""

from datetime import UTC, datetime

from pipelines.ledger.draft import Draft
from pipelines.ledger.ledger import Ledger
from pipelines.settings import ChargeOverSettings
from pipelines.sync.budget import SharedBudget

PLAN = "plan"
"""On whose behalf ChargeOver is asked: what the sweeps of syncs may take is not used up by rehearsing them."""


class RehearsedBudget:
    """What the ChargeOver calls of a rehearsal are taken from."""

    def __init__(self, ledger: Ledger, draft: Draft, settings: ChargeOverSettings) -> None:
        self._shared = SharedBudget(ledger, str(settings.url), settings.calls_per_minute)
        self._draft, self._account = draft, str(settings.url)

    def take(self, signal: str) -> None:
        """Wait until a call may be made."""
        self._shared.take(PLAN)
        self._draft.spend(self._account, signal, 1, datetime.now(UTC))

    def pause(self, seconds: float) -> None:
        """Let nobody call for so long."""
        self._shared.pause(seconds)
