"""The planner: reads and maps what a scope says, and rehearses the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.chargeover.catalog import CATALOG
from pipelines.ledger.draft import draft_of
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.model import Mapping
from pipelines.mapping.shelf import Shelf
from pipelines.settings import ChargeOverSettings, SalesforceSettings, read_settings
from pipelines.sync.accounts import rehearsal_of
from pipelines.sync.allowance import CHECK
from pipelines.sync.asked import ASKED
from pipelines.sync.daily_budget import DailyBudget
from pipelines.sync.extract import extract, supported
from pipelines.sync.loading import loader_of
from pipelines.sync.map import map_records
from pipelines.sync.named import read_named
from pipelines.sync.planning.budget import RehearsedBudget
from pipelines.sync.planning.planned import Calls, Plan
from pipelines.sync.planning.rehearse import Rehearsing
from pipelines.sync.planning.scope import Scope
from pipelines.sync.source import Source, source_of
from pipelines.sync.staged import Staged
from pipelines.sync.staging import Staging
from pipelines.sync.wanted import Extent, Wanted

_run = "plan"


def plan_of(scope: Scope, shelf: Shelf, ledger: Ledger) -> Plan:
    """What would become of all in the scope; of the ledger only calls are counted, as those of every command are."""
    settings = read_settings(ChargeOverSettings)
    with rehearsing(shelf, ledger) as rehearsal, TemporaryDirectory(prefix="co2sf-plan-") as folder:
        budget = RehearsedBudget(ledger, rehearsal.draft, settings)
        source = source_of(settings, ledger, budget=budget)
        return planned(scope, source, Staging(folder), rehearsal, datetime.now(UTC))


def planned(scope: Scope, source: Source, staging: Staging, rehearsal: Rehearsing, now: datetime) -> Plan:
    """The plan, by what is read from this source."""
    work = _Reading(scope, source, staging, rehearsal).work()
    mappings = rehearsal.run(work, now) if work else []
    org = rehearsal.org
    return Plan(
        at=now,
        chargeover=source.account,
        org=org.org_id(),
        scope=scope.kind,
        renewed=tuple(scope.renewed),
        mappings=tuple(mappings),
        calls=Calls(chargeover=source.chargeover.calls, salesforce=org.usage.calls_made, to_write=org.write_calls),
    )


@contextmanager
def rehearsing(shelf: Shelf, ledger: Ledger) -> Iterator[Rehearsing]:
    """An org that is only read, and a copy of the ledger, as the settings name both."""
    settings = read_settings(SalesforceSettings)
    budget = DailyBudget(ledger, settings, CHECK)
    with (
        TemporaryDirectory(prefix="co2sf-plan-") as folder,
        draft_of(ledger, Path(folder)) as draft,
        rehearsal_of(settings, budget) as org,
    ):
        yield Rehearsing(org, ledger, draft, shelf, loader_of(org, budget, draft, shelf, _run))


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is read and mapped for one plan."""

    scope: Scope
    source: Source
    staging: Staging
    rehearsal: Rehearsing

    def work(self) -> list[Staged]:
        """What is staged for each mapping of the scope, in loading order."""
        if self.scope.kind == "ids":
            for wanted in self._wanted():
                read_named(self.source, supported(self.source, wanted), self.scope.ids[wanted.kind.name], ASKED)
        else:
            mapped = {each.object for each in self.rehearsal.shelf.mappings}
            for _ in extract(self.source, self._wanted(), self.rehearsal.draft, sorted(mapped), self._extent()):
                pass
        return [self._mapped(each) for each in self.scope.mappings]

    def _extent(self) -> Extent:
        if self.scope.kind == "changed":
            return Extent()
        return Extent(paced=True, whole_of={each.name for each in self.scope.objects}, renewed=self.scope.renewed)

    def _wanted(self) -> list[Wanted]:
        """All mappings of an object count for what is read of it."""
        return [
            Wanted(
                kind,
                [each for each in self.rehearsal.shelf.mappings if each.object == kind.name],
                self.staging.dataset(_run, "chargeover", kind.name),
            )
            for kind in self.scope.objects
        ]

    def _mapped(self, mapping: Mapping) -> Staged:
        kind = CATALOG[mapping.object]
        records = self.staging.dataset(_run, "chargeover", kind.name)
        payloads = self.staging.dataset(_run, "mapped", mapping.name)
        map_records(mapping, kind, records, payloads, self.source.zone)
        return Staged(mapping, kind, payloads, records)
