"""What is shown of a plan: of each mapping some rows, what would be written first."""

from dataclasses import dataclass
from typing import Any

from pipelines.ledger.outcome import Verdict
from pipelines.sync.planning.planned import MappingPlan, Plan, Row

_first = (Verdict.UPDATED, Verdict.CREATED, Verdict.DELETED, Verdict.REJECTED, Verdict.REFUSED, Verdict.HELD)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A plan, of which at most so many rows of each mapping are shown; None: all."""

    plan: Plan
    most: int | None

    def rows(self, mapping: MappingPlan) -> list[Row]:
        """The rows that are shown."""
        return sorted(mapping.rows, key=lambda row: (_first.index(row.verdict), row.record_id))[: self.most]

    def more(self, mapping: MappingPlan) -> int:
        """How many are not."""
        return len(mapping.rows) - len(self.rows(mapping))

    def data(self) -> dict[str, Any]:
        """All that is shown, as JSON has it."""
        told = self.plan.model_dump(mode="json")
        told["changes"] = self.plan.changes_something
        for mapping, shown in zip(self.plan.mappings, told["mappings"], strict=True):
            shown["fields"] = dict(mapping.fields)
            shown["rows"] = [row.model_dump(mode="json") for row in self.rows(mapping)]
            shown["more_rows"] = self.more(mapping)
        return told
