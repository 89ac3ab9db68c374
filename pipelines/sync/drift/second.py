"""The second look at rows that do not look as they were accepted: they are read again on all sides, and judged.

The ledger is asked before Salesforce and after ChargeOver: what lands meanwhile shows there, and is no drift."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.rows import Known
from pipelines.mapping.slots import by_field
from pipelines.salesforce.held import Held, rows_by_id, rows_by_key
from pipelines.salesforce.org import Org
from pipelines.sync.drift import SIGNAL
from pipelines.sync.drift.current import Current, becomes_of, current_of
from pipelines.sync.drift.found import Drifted, What
from pipelines.sync.drift.judge import Standing, judged
from pipelines.sync.drift.question import Question
from pipelines.sync.source import Source


@dataclass(slots=True)
class Seen:
    """What some rows came to."""

    drifted: list[Drifted] = field(default_factory=list)
    uncertain: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Looks at rows of one mapping."""

    source: Source
    org: Org
    ledger: Ledger
    question: Question

    def look(self, external_ids: Collection[str]) -> Seen:
        """Judge these rows."""
        mapping, asked = self.question.mapping, self.question.asked
        before = self.ledger.known(mapping.to, external_ids)
        held = {each.external_id.casefold(): each for each in rows_by_key(self.org, asked, external_ids)}
        elsewhere = self._elsewhere(before, held)
        ids = {each.record_id for each in before.values() if each.object == mapping.object}
        now = current_of(self.source, self.ledger, mapping, ids, SIGNAL)
        after = self.ledger.known(mapping.to, external_ids)
        seen = Seen()
        for key, known in before.items():
            if after.get(key) != known or not known.fingerprint or known.gone:
                seen.uncertain += 1
            elif key.casefold() in held:
                self._judge(seen, key, known, held[key.casefold()], now)
            else:
                self._miss(seen, key, known, elsewhere.get((known.salesforce_id or "")[:15]), now)
        return seen

    def _elsewhere(self, known: Mapping[str, Known], held: Mapping[str, Held]) -> dict[str, Held]:
        """Rows that are not found by their external id any more, by their Salesforce id."""
        ids = [each.salesforce_id for key, each in known.items() if key.casefold() not in held and each.salesforce_id]
        return {each.salesforce_id[:15]: each for each in rows_by_id(self.org, self.question.asked, ids)}

    def _judge(self, seen: Seen, key: str, known: Known, held: Held, now: Current) -> None:
        mapping, row = self.question.mapping, now.rows.get(key)
        # an edited mapping leaves rows as they are until their record changes
        becomes = becomes_of(row) if row is not None and not row.stands(known) else None
        fields = judged(self.question, by_field(mapping.written, known.slots), becomes, held.values)
        drifted = tuple(each for each in fields if each.standing is Standing.DRIFT)
        if drifted:
            seen.drifted.append(Drifted(mapping, key, What.CHANGED, known, held, drifted, row is not None))
        elif any(each.standing is Standing.UNKNOWN for each in fields):
            seen.unknown += 1

    def _miss(self, seen: Seen, key: str, known: Known, elsewhere: Held | None, now: Current) -> None:
        """A row that ChargeOver no longer makes may be missing, and any where the file says that others may do so."""
        if self.question.mapping.drift == "leave":
            return
        if elsewhere is not None:
            seen.drifted.append(Drifted(self.question.mapping, key, What.MOVED, known, elsewhere))
        elif key in now.rows:
            seen.drifted.append(Drifted(self.question.mapping, key, What.DELETED, known, None))
        else:
            seen.uncertain += 1
