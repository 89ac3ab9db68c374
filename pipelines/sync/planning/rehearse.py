"""Rehearse: what loading would do, by loading into an org that is only read and a copy of the ledger."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.ledger.draft import Draft
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import OWED, Outcome, Verdict
from pipelines.ledger.owed import Owed
from pipelines.mapping.shelf import Shelf
from pipelines.salesforce.rehearsal import Rehearsal
from pipelines.sync.fitting import Fitted, fit_org
from pipelines.sync.load import Loaded, Loader
from pipelines.sync.planning.compared import Comparison
from pipelines.sync.planning.edited import edit_of
from pipelines.sync.planning.planned import MappingPlan, Row
from pipelines.sync.staged import Staged


@dataclass(frozen=True, slots=True)
class Rehearsing:
    """What it takes; ``loader`` is the one that a sync would use, but for the org and the ledger."""

    org: Rehearsal
    ledger: Ledger
    draft: Draft
    shelf: Shelf
    loader: Loader

    def run(self, work: Sequence[Staged], now: datetime) -> list[MappingPlan]:
        """What would become of all that is staged, by mapping."""
        keys = {each.to: each.external_id for each in self.shelf.mappings}
        self.draft.claim("Salesforce org", self.org.org_id())
        fits = fit_org(self.org, self.draft, [each.mapping for each in work], now, self.loader.describe_every)
        compared = {to: Comparison(fit.mapping, fit.shape, keys) for to, fit in fits.items() if fit.shape}
        self.org.look_at({to: each.asked for to, each in compared.items()},
                         {each.mapping.to: _candidates(each, self.draft) for each in work})  # fmt: skip
        self.loader.bulk_from, self.loader.calls_left = sys.maxsize, None  # a file shows no row to be compared
        self.loader.describe_every = max(self.loader.describe_every, timedelta(minutes=1))
        loaded = list(self.loader.load(work))
        return [self._told(each, fits[each.mapping.to], compared.get(each.mapping.to)) for each in loaded]

    def _told(self, loaded: Loaded, fitted: Fitted, comparison: Comparison | None) -> MappingPlan:
        mapping = loaded.mapping
        return MappingPlan(
            name=mapping.name,
            sobject=mapping.to,
            object=mapping.object,
            fingerprint=mapping.fingerprint,
            counts=loaded.tally.as_numbers(),
            rows=tuple(self._rows(mapping.to, comparison)) if comparison else (),
            stopped=tuple(str(each) for each in fitted.misfits if each.severity == "error"),
            edit=edit_of(mapping, self.ledger),
        )

    def _rows(self, sobject: str, comparison: Comparison) -> Iterator[Row]:
        last = {(each.record_id, each.external_id): each for each in self.draft.outcomes if each.sobject == sobject}
        told = [each for each in last.values() if each.verdict is not Verdict.UNCHANGED]
        owed = (
            {each.key: each for each in self.ledger.owed(sobject)} if any(one.verdict in OWED for one in told) else {}
        )
        for each in sorted(told, key=lambda one: (one.record_id, one.external_id)):
            sent = self.org.sent.get((sobject, each.external_id)) if each.verdict not in OWED else None
            yield Row(
                object=each.object,
                record_id=each.record_id,
                sobject=sobject,
                external_id=each.external_id,
                verdict=each.verdict,
                fingerprint=each.fingerprint,
                changes=comparison.changes(sent) if sent else (),
                code=each.code,
                field=each.field,
                message=each.message,
                is_news=not _is_old(each, owed.get((sobject, each.record_id, each.external_id))),
            )


def _is_old(outcome: Outcome, owed: Owed | None) -> bool:
    return owed is not None and (owed.verdict, owed.code, owed.field) == (outcome.verdict, outcome.code, outcome.field)


def _candidates(staged: Staged, ledger: Ledger) -> Iterator[str]:
    """The external ids of rows that are not as Salesforce accepted them: most of them will be sent."""
    for part in staged.payloads.parts():
        rows = list(staged.rows(part))
        known = ledger.known(staged.mapping.to, (row.external_id for row in rows))
        for row in rows:
            before = known.get(row.external_id)
            is_there = before is not None and not before.gone
            if not (is_there and before and (before.fingerprint == row.fingerprint or row.stands(before))):
                yield row.external_id
