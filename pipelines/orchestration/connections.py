"""What the assets work with: both vendors, the ledger, the staging folder and the mappings, each opened when used."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.chargeover.catalog import vocabulary
from pipelines.chargeover.session import Patience
from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.mapping.reading import Shelf, read_mappings
from pipelines.salesforce.connection import Logins
from pipelines.salesforce.org import Org
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, read_settings
from pipelines.sync.accounts import org_of
from pipelines.sync.daily_budget import DailyBudget
from pipelines.sync.source import Source, source_of
from pipelines.sync.staging import Staging

_logins: Logins = {}


class Connections(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Reads the settings from the environment at the start of each step, so that a worker never uses old ones."""

    def shelf(self) -> Shelf:
        """The mappings as they stand in the folder now."""
        return read_mappings(self.project.mappings, vocabulary())

    def staging(self) -> Staging:
        """Where the parts of a run lie."""
        return Staging(self.project.staging_url)

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger, its tables made."""
        ledger = open_ledger(self.project.ledger_url)
        try:
            yield ledger
        finally:
            ledger.close()

    def source(self, ledger: Ledger, patience: Patience | None = None) -> Source:
        """The ChargeOver account, its calls counted in the ledger; what it supports is asked for the first time."""
        return source_of(read_settings(ChargeOverSettings), ledger, patience)

    def org(self, budget: DailyBudget) -> Org:
        """The Salesforce org, which logs in at its first call, or with the last login of this process."""
        return org_of(read_settings(SalesforceSettings), budget, _logins)

    def budget(self, ledger: Ledger, lane: str) -> DailyBudget:
        """What the Salesforce calls of a lane are taken from, those of all processes counted in the ledger."""
        return DailyBudget(ledger, read_settings(SalesforceSettings), lane)

    @property
    def project(self) -> ProjectSettings:
        """Where things lie."""
        return read_settings(ProjectSettings)
