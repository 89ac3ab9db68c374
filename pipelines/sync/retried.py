"""What became of owed rows that a run was to try again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Verdict
from pipelines.ledger.owed import Owed

NOT_TRIED = "not tried"
"""The run did not come to this row: it failed before, or the row's mapping cannot be loaded."""


@dataclass(frozen=True, slots=True)
class Retried:
    """Counts of what became of the rows, by sObject; and those that are still owed, as they are now."""

    counts: dict[str, Counter[str]]
    still: list[Owed]


def retried(ledger: Ledger, before: Sequence[Owed], run_id: str) -> Retried:
    """Compare rows that were owed before a run with what is owed now, and with what the run has logged."""
    now = {each.key: each for each in ledger.owed()}
    logged = {(each.sobject, each.record_id, each.external_id): each.verdict for each in ledger.log(run_id, limit=None)}
    counts: dict[str, Counter[str]] = {}
    for row in before:
        counts.setdefault(row.sobject, Counter())[_became(row, now.get(row.key), logged, run_id)] += 1
    return Retried(counts, [now[row.key] for row in before if row.key in now])


def _became(row: Owed, now: Owed | None, logged: dict[tuple[str, int, str], str], run_id: str) -> str:
    if now is not None:
        return str(now.verdict) if now.run_id == run_id else NOT_TRIED
    # a row that had no external id yet has one now, and what landed just as it was is not logged
    named = (verdict for (sobject, record_id, _), verdict in logged.items() if (sobject, record_id) == row.key[:2])
    return logged.get(row.key) or (None if row.external_id else next(named, None)) or str(Verdict.UNCHANGED)
