"""What the schema commands work with: the mappings, all of them sound, and what the org shows of their sObjects."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.errors import EditFile
from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.mapping.reading import Shelf, read_mappings
from pipelines.salesforce.org import Org
from pipelines.schema.gap import Gap, gaps_of
from pipelines.schema.needs import Need
from pipelines.schema.rights import Shapes
from pipelines.settings import ProjectSettings, SalesforceSettings, read_settings
from pipelines.sync.accounts import org_of
from pipelines.sync.allowance import CHECK
from pipelines.sync.daily_budget import DailyBudget
from pipelines.sync.fitting import Fitted, examine

Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """What does not fit, and how each sObject differs from what the last run saw."""

    gaps: list[Gap]
    fits: dict[str, Fitted]

    @property
    def shapes(self) -> Shapes:
        """What the org shows of each sObject."""
        return {sobject: each.shape for sobject, each in self.fits.items()}


def mappings_option(command: Command) -> Command:
    """Where the mappings lie, if not where the settings say."""
    return click.option(
        "--mappings", type=click.Path(path_type=Path), help="Take the files of this folder instead of CO2SF_MAPPINGS."
    )(command)


def sound_shelf(folder: Path | None) -> Shelf:
    """The mappings; EditFile when one of them has a problem, since what it needs is not known."""
    shelf = read_mappings(folder or read_settings(ProjectSettings).mappings, vocabulary())
    if shelf.problems:
        more = f" ({len(shelf.problems)} problems; co2sf check lists them)" if len(shelf.problems) > 1 else ""
        raise EditFile(f"{shelf.problems[0]}{more}")
    return shelf


def compared(shelf: Shelf, needs: list[Need]) -> Compared:
    """The org as it is now against what is needed of it."""
    with opened_org() as (org, ledger):
        fits = examine(org, ledger, shelf.mappings, datetime.now(UTC))
    return Compared(gaps_of(needs, {sobject: each.shape for sobject, each in fits.items()}), fits)


@contextmanager
def opened_org() -> Iterator[tuple[Org, Ledger]]:
    """The org that the settings name, its calls counted in the ledger."""
    settings = read_settings(SalesforceSettings)
    with (
        open_ledger(read_settings(ProjectSettings).ledger_url) as ledger,
        org_of(settings, DailyBudget(ledger, settings, CHECK)) as org,
    ):
        yield org, ledger
