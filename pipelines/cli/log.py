"""co2sf log: the sync log, from Dagster's run history down to single records, and as a file for the warehouse."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from pipelines.cli.export import PART, export
from pipelines.cli.lines import lines_of, meaning
from pipelines.cli.printing import as_json, show
from pipelines.cli.wording import at
from pipelines.errors import EditFile
from pipelines.ledger.excerpt import Excerpt
from pipelines.ledger.ledger import open_ledger
from pipelines.ledger.outcome import Verdict
from pipelines.settings import ProjectSettings, read_settings

if TYPE_CHECKING:
    from pipelines.orchestration.history import Past


@click.command()
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(min=1), help="Show at most so many runs or lines."
)
@click.option("--run", "run_id", default="", help="One run, by the beginning of its id: sObject by sObject.")
@meaning
@click.option("--export", "target", default="", metavar="FILE",
              help="Write records' lines to FILE.csv or .parquet, here or in object storage; - is stdout.")  # fmt: skip
@click.option("--messages", is_flag=True, help="Export the reasons in words, too: they may quote customers' values.")
@as_json
def log(*, limit: int, run_id: str, excerpt: Excerpt, target: str, messages: bool, as_json: bool) -> None:
    """Show the last runs, one run, or what happened to records.

    The latter can be exported.
    """
    if excerpt == Excerpt() and not target:
        _show_runs(limit, run_id, as_json=as_json)
        return
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        if run_id:
            excerpt = replace(excerpt, run_id=ledger.run_named(run_id))
        if target:
            count = export(ledger.parts(excerpt, PART), target, messages=messages)
            click.echo(f"{count:,} {'line' if count == 1 else 'lines'} written.", err=True)
        else:
            show(lines_of(ledger, excerpt, limit), as_json=as_json, nothing=_nothing)


_nothing = "Nothing in the log."


def _show_runs(limit: int, run_id: str, *, as_json: bool) -> None:
    rows, failures = _one_run(run_id) if run_id else (_runs(limit), [])
    show(rows, as_json=as_json, nothing="" if failures else _nothing)
    for line in failures:
        click.echo(line, err=as_json)


def _runs(limit: int) -> list[dict[str, Any]]:
    from pipelines.orchestration.history import open_history, past_runs

    with open_history() as instance:
        return [
            {
                "run": past.run_id[:8],
                "started": at(past.started_at),
                "took s": None if past.took_seconds is None else round(past.took_seconds, 1),
                "job": past.job,
                "why": past.why,
                "status": past.status,
                **{name: past.counts[name] for name in ("read", *Verdict)},
                **_cost(past),
            }
            for past in past_runs(instance, limit)
        ]


def _one_run(run_id: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The counts of a run by sObject, and what failed in it."""
    from pipelines.orchestration.history import failures_of, open_history, past_runs

    with open_history() as instance:
        past = next(past_runs(instance, 1, run_id), None)
        if past is None:
            raise EditFile(f"no run starts with {run_id!r}; co2sf log lists the last ones")
        failures = list(failures_of(instance, past.run_id))
    lines = [{"sObject": sobject, **counts, **_waits(past, sobject)} for sobject, counts in past.by_sobject.items()]
    return lines, failures


def _cost(past: "Past") -> dict[str, Any]:
    """The longest way of a change, and the calls that a run took."""
    to_chargeover, to_salesforce = past.calls
    return {"lag s": past.lag_seconds, "ChargeOver calls": to_chargeover, "Salesforce calls": to_salesforce}


def _waits(past: "Past", sobject: str) -> dict[str, Any]:
    """What was owed after the run, and how long the changes took: the usual one and the longest."""
    told = dict(past.loads)[sobject]
    names = {"owed": "owed", "lag s": "lag seconds", "longest": "lag seconds, longest"}
    return {shown: told.get(name, 0 if name == "owed" else None) for shown, name in names.items()}
