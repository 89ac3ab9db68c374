"""co2sf log: the sync log, from Dagster's run history down to a single record."""

from datetime import datetime
from typing import Any

import click

from pipelines.cli.printing import as_json, show
from pipelines.errors import EditFile
from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.ledger.outcome import Verdict
from pipelines.settings import ProjectSettings, read_settings


@click.command()
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(min=1), help="Show at most so many runs or lines."
)
@click.option("--run", "run_id", help="Show one run, by the beginning of its id, sObject by sObject.")
@click.option("--record", metavar="OBJECT:ID", help="Show all that ever happened to a record, say invoice:10041.")
@click.option("--owed", is_flag=True, help="Show what has not landed, why, and when it is tried again.")
@as_json
@click.pass_context
def log(
    context: click.Context, *, limit: int, run_id: str | None, record: str | None, owed: bool, as_json: bool
) -> None:
    """Show the last runs, one run, one record, or what is owed."""
    failures: list[str] = []
    if record or owed:
        with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
            rows = _record(ledger, record) if record else _owed(ledger, limit)
    else:
        rows, failures = _one_run(run_id) if run_id else (_runs(limit), [])
    if not rows and not failures and not as_json:
        click.echo("Nothing is owed." if owed else "Nothing in the log.")
    show(rows, as_json=as_json)
    for line in failures:
        click.echo(line, err=as_json)
    context.exit(1 if owed and rows else 0)


def _runs(limit: int) -> list[dict[str, Any]]:
    from pipelines.orchestration.history import open_history, past_runs

    with open_history() as instance:
        return [
            {
                "run": past.run_id[:8],
                "started": _at(past.started_at),
                "took s": None if past.took_seconds is None else round(past.took_seconds, 1),
                "job": past.job,
                "why": past.why,
                "status": past.status,
                **{name: past.counts[name] for name in ("read", *Verdict)},
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
    return [{"sObject": sobject, **counts} for sobject, counts in past.by_sobject.items()], failures


def _record(ledger: Ledger, record: str) -> list[dict[str, Any]]:
    name, colon, record_id = record.partition(":")
    if not colon or not record_id.isdigit():
        raise EditFile(f"--record {record!r}: write object and id, such as invoice:10041")
    return [
        {
            "at": _at(entry.at),
            "run": entry.run_id[:8],
            "row": f"{entry.sobject} {entry.external_id}".strip(),
            "verdict": str(entry.verdict),
            "Salesforce id": entry.salesforce_id or "",
            "why": _why(entry.code, entry.field, entry.message),
        }
        for entry in ledger.history(name, int(record_id))
    ]


def _owed(ledger: Ledger, limit: int) -> list[dict[str, Any]]:
    return [
        {
            "record": f"{each.object}:{each.record_id}",
            "row": f"{each.sobject} {each.external_id}".strip(),
            "verdict": str(each.verdict),
            "why": _why(each.code, each.field, each.message),
            "tries": each.tries,
            "since": _at(each.first_at),
            "next try": _next(each.verdict, each.due_at),
        }
        for each in ledger.owed(limit=limit)
    ]


def _next(verdict: Verdict, due_at: datetime | None) -> str:
    if verdict is Verdict.HELD:
        return "when its parent lands"
    return _at(due_at) if due_at else "when the record or its mapping changes"


def _why(code: str, field: str, message: str) -> str:
    head = " ".join(part for part in (code, field if field not in message else "") if part)
    return f"{head}: {message}" if head and message else head or message


def _at(moment: datetime | None) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else ""
