"""Which parents stand in Salesforce already, so that no child is sent before its parent has landed."""

from collections import defaultdict
from collections.abc import Iterable

from pipelines.ledger.ledger import Ledger
from pipelines.sync.row import Row


class Parents:
    """What the ledger knows of the parents of some rows, and what has landed since it was asked."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._landed: dict[str, set[str]] = {}

    def look_up(self, rows: Iterable[Row]) -> None:
        """Ask the ledger for all parents of these rows, one question per parent sObject."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            for lookup, external_id in row.parents():
                wanted[lookup.to].add(external_id)
        self._landed = {sobject: self._ledger.landed(sobject, ids) for sobject, ids in wanted.items()}

    def add(self, sobject: str, external_id: str) -> None:
        """Note that a row has just landed."""
        self._landed.setdefault(sobject, set()).add(external_id)

    def have(self, sobject: str, external_id: str) -> bool:
        """Whether the parent has landed."""
        return external_id in self._landed.get(sobject, ())
