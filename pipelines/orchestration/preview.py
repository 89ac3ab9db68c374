"""The preview of a dry run: what is expected of the rows that were mapped, without a single customer's value."""

from datetime import UTC, datetime
from typing import Any

import dagster as dg

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Verdict
from pipelines.mapping.model import Mapping
from pipelines.orchestration.table import table
from pipelines.sync.expected import MOST_ROWS, Coming, ExpectedRow, expected
from pipelines.sync.staged import Staged

_foretold = (Verdict.CREATED, Verdict.UPDATED, Verdict.UNCHANGED, Verdict.HELD, Verdict.REJECTED, Verdict.REFUSED)
_most_fields = 8


class Preview:
    """What a map step tells of each mapping, parents first."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._coming = ledger, Coming()

    def of(self, staged: Staged) -> dict[str, Any]:
        """Counts, under names that stay, so that Dagster plots them; and a table of the first rows that will change."""
        self._coming.add(staged)
        found = expected(staged, self._coming, self._ledger, datetime.now(UTC))
        command = dg.MetadataValue.text(_command(staged.mapping))
        if found is None:
            return {"expected": f"more than {MOST_ROWS:,} rows are not looked at here", "old and new values": command}
        counts = {f"expected {verdict}": found.counts[verdict] for verdict in _foretold}
        if not found.rows:
            return {**counts}
        return {**counts, "preview": table([_line(each) for each in found.rows]), "old and new values": command}


def _command(mapping: Mapping) -> str:
    return f"co2sf plan {mapping.name}"


def _line(row: ExpectedRow) -> dict[str, str]:
    more = len(row.fields) - _most_fields
    names = ", ".join(row.fields[:_most_fields]) + (f" and {more} more" if more > 0 else "")
    return {"record": row.record, "row": row.external_id, "verdict": str(row.verdict), "fields": names}
