"""How far all mappings of an object have been synced: what comes after it must be read for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.chargeover.signals import Window
from pipelines.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Reach:
    """Up to ``until_at`` by cursors, up to ``hint`` by the inbox; None and 0 when a mapping was never synced."""

    until_at: datetime | None
    hint: int

    def window(self, end_at: datetime, overlap: timedelta) -> Window:
        """From there, less the overlap; open at the start when a mapping was never synced."""
        return Window(self.until_at - overlap if self.until_at else None, end_at)


def reach_of(sobjects: Collection[str], ledger: Ledger) -> Reach:
    """How far all of these sObjects have been synced."""
    known = ledger.watermarks()
    if not sobjects or any(each not in known for each in sobjects):
        return Reach(None, 0)
    return Reach(min(known[each].end_at for each in sobjects), min(known[each].hint for each in sobjects))
