"""co2sf backfill: load again what ChargeOver created in some months, here and now, whatever changed since."""

import click

from pipelines.chargeover.catalog import CATALOG, vocabulary
from pipelines.cli.bar import bar
from pipelines.cli.finishing import end
from pipelines.cli.printing import as_json
from pipelines.mapping.reading import read_mappings
from pipelines.settings import (
    AccountClock,
    ChargeOverSettings,
    ProjectSettings,
    SalesforceSettings,
    check_settings,
    read_settings,
)
from pipelines.sync.asked import check_object


@click.command()
@click.argument("name", metavar="OBJECT")
@click.argument("months", default="", metavar="[MONTH | MONTH..MONTH]")
@click.option("--resend", is_flag=True, help="Send rows even if Salesforce has accepted the same payload.")
@as_json
@click.pass_context
def backfill(context: click.Context, *, name: str, months: str, resend: bool, as_json: bool) -> None:
    """Load again what ChargeOver created in some months.

    OBJECT is a ChargeOver object that a mapping reads, say invoice. MONTHS are 2025-01 or 2025-01..2025-06, all when
    left out. Live syncs go on meanwhile.
    """
    check_settings(ChargeOverSettings, SalesforceSettings)  # before there is a run that could only fail
    check_object(name, read_mappings(read_settings(ProjectSettings).mappings, vocabulary()))
    from pipelines.definitions import definitions
    from pipelines.orchestration.backfill import backfill_run
    from pipelines.orchestration.months import months_of, range_of

    keys = months_of(CATALOG[name], read_settings(AccountClock)).get_partition_keys()
    first, last = range_of(months, name, keys)
    with bar(hidden=as_json):
        finished = backfill_run(definitions(), name, first, last, resend=resend)
    end(context, finished, as_json=as_json)
