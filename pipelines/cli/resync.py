"""co2sf resync: read records again, or all of a mapping, and send what differs."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.bar import bar
from pipelines.cli.finishing import end, end_of
from pipelines.cli.owed import as_data, print_owed
from pipelines.cli.printing import as_json, show
from pipelines.errors import EditFile
from pipelines.ledger.ledger import open_ledger
from pipelines.mapping.reading import Shelf, read_mappings
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, check_settings, read_settings
from pipelines.sync.asked import mappings_of, records_of
from pipelines.sync.resynced import Resynced, became_of, seen_of

if TYPE_CHECKING:
    from pipelines.orchestration.launch import Finished


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="OBJECT:ID... | MAPPING...")
@click.option("--resend", is_flag=True, help="Send rows even if Salesforce has accepted the same payload.")
@as_json
@click.pass_context
def resync(context: click.Context, *, words: tuple[str, ...], resend: bool, as_json: bool) -> None:
    """Read records again, and send what differs.

    Write invoice:10041 for a record, and read what became of each. MAPPING is the name of a mapping file,
    say invoices: all records that it loads are read again.
    """
    check_settings(ChargeOverSettings, SalesforceSettings)  # before there is a run that could only fail
    shelf = read_mappings(read_settings(ProjectSettings).mappings, vocabulary())
    named = [":" in word for word in words]
    if all(named):
        _records(context, shelf, words, resend=resend, as_json=as_json)
    elif any(named):
        raise EditFile("records and mappings cannot be read again in one run; name either")
    else:
        _mappings(context, shelf, words, resend=resend, as_json=as_json)


def _mappings(context: click.Context, shelf: Shelf, words: Sequence[str], *, resend: bool, as_json: bool) -> None:
    mappings = mappings_of(words, shelf)
    from pipelines.orchestration.resync import resync_config, resync_request

    request = resync_request(shelf, mappings, "co2sf resync")
    with bar(hidden=as_json):
        finished = _run("resync_mapping", resync_config(mappings, resend=resend), request.asset_selection or ())
    end(context, finished, as_json=as_json)


def _records(context: click.Context, shelf: Shelf, words: Sequence[str], *, resend: bool, as_json: bool) -> None:
    records = records_of(words, shelf)
    from pipelines.orchestration.resync import gone_of, reached_by, records_config

    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        before = seen_of(ledger, shelf, records)
        with bar(hidden=as_json):
            assets = reached_by(shelf, records)
            finished = _run("resync_records", records_config(words, resend=resend), list(assets))
        became = became_of(ledger, shelf, before, finished.run_id, gone_of(finished.run_id, records))
    _print(became, as_json=as_json)
    end_of(context, finished)


def _run(job_name: str, config: Mapping[str, object], assets: Sequence[Any]) -> "Finished":
    from pipelines.definitions import definitions
    from pipelines.orchestration.launch import run_here

    job = definitions().resolve_job_def(job_name)
    return run_here(job, config, {"why": "co2sf resync", **job.tags}, assets)


def _print(became: Sequence[Resynced], *, as_json: bool) -> None:
    owed = [row for each in became for row in each.owed]
    lines = [line for each in became for line in each.lines()]
    if as_json:
        show([{"resynced": lines, "owed": [as_data(each) for each in owed]}], as_json=True)
        return
    show(lines)
    if owed:
        click.echo()
        print_owed(owed, more=0)
    for each in became:
        if each.doubt:
            click.echo(f"{each.record}: {each.doubt}", err=True)
