"""co2sf money: do the amounts in Salesforce agree with ChargeOver, to the cent, and what is to be done if not?"""

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.money_report import as_data, print_found
from pipelines.cli.printing import as_json, show
from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.mapping.reading import read_mappings
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, check_settings, read_settings
from pipelines.sync.money.compared import Compared
from pipelines.sync.money.group import Span
from pipelines.sync.money.measure import Measure
from pipelines.sync.money.repair import repair as repair_rows
from pipelines.sync.money.start import chosen, looking


@click.command()
@click.option("--month", metavar="YYYY-MM", help="Compare only one month; what has no date is left out.")
@click.option("--object", "names", multiple=True, metavar="NAME", help="Compare only this object, sObject or mapping; "
              "may be given several times.")  # fmt: skip
@click.option("--records", is_flag=True, help="Compare record by record, and list those that differ.")
@click.option("--all", "everything", is_flag=True, help="Show the sums that agree, too.")
@click.option("--repair", is_flag=True, help="Send what differs again, then compare once more.")
@as_json
@click.pass_context
def money(
    context: click.Context,
    *,
    month: str | None,
    names: tuple[str, ...],
    records: bool,
    everything: bool,
    repair: bool,
    as_json: bool,
) -> None:
    """Compare sums and counts of all amounts by currency and month.

    Ends with 0 when every difference has a good reason (owed, in flight, kept on purpose), with 1 when one has none,
    and with 2 when something could not be compared.
    """
    check_settings(ChargeOverSettings, SalesforceSettings)
    span = Span.of(month) if month else None
    project = read_settings(ProjectSettings)
    measures = chosen(read_mappings(project.mappings, vocabulary()).mappings, names)
    with open_ledger(project.ledger_url) as ledger:
        found = _compare(ledger, measures, span, by_record=records)
        failures = _repair(ledger, found) if repair else []
        found = _compare(ledger, measures, span, by_record=records) if repair else found
    if as_json:
        show([as_data(each) for each in found], as_json=True)
    else:
        print_found(found, records=records, everything=everything)
    for line in failures:
        click.echo(f"co2sf: {line}", err=True)
    context.exit(2 if failures else exit_code(found))


def exit_code(found: Sequence[Compared]) -> int:
    """0: it agrees, 1: it does not, 2: it is not known."""
    if any(each.unexplained for each in found):
        return 1
    return 2 if any(each.trouble for each in found) else 0


def _compare(ledger: Ledger, measures: Sequence[Measure], span: Span | None, *, by_record: bool) -> list[Compared]:
    with looking(ledger, span=span, by_record=by_record) as looks:
        return list(looks.at(measures))


def _repair(ledger: Ledger, found: Sequence[Compared]) -> list[str]:
    """Have a sync put right what it can; why it could not, in sentences."""
    if not repair_rows(ledger, found, datetime.now(UTC)):
        return []
    from pipelines.definitions import definitions
    from pipelines.orchestration.launch import Asked, run_sync

    job = definitions().resolve_job_def("sync")
    return run_sync(job, Asked(paced=True, why="co2sf money --repair")).failures
