"""The ``report`` job: what happened to records, asked for and read in the UI; no customer's value stands in it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import dagster as dg

from pipelines.ledger.excerpt import Excerpt
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.log import LogEntry
from pipelines.ledger.outcome import OWED
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.failing import explained
from pipelines.orchestration.jobs import quiet
from pipelines.sync.reasons import reason_for


class ReportConfig(dg.Config):
    """Lines that fit all that is said; nothing said: the last ones of all."""

    record: str = ""
    """A record such as invoice:10041, or several of one object, invoice:10041,10042; empty for all."""
    run: str = ""
    """The beginning of a run's id; empty for all."""
    sobject: str = ""
    """A Salesforce object such as Account; empty for all."""
    verdict: str = ""
    """created, updated, deleted, held, rejected, refused or forgotten; empty for all."""
    since: str = ""
    """2026-03-01, 2026-03-01T14:30, or so long ago: 90m, 24h, 7d."""
    until: str = ""
    """As since; empty for now."""
    limit: int = 200
    """At most so many lines, the last ones."""

    def excerpt(self, ledger: Ledger) -> Excerpt:
        """The lines that are meant; raises EditFile when they cannot be meant so."""
        said = {"sobject": self.sobject, "verdict": self.verdict, "since": self.since, "until": self.until}
        meant = Excerpt.of(self.record, **said, now=datetime.now(UTC))
        return replace(meant, run_id=ledger.run_named(self.run)) if self.run else meant


@dg.op(out=dg.Out(dg.Nothing))
def lines(context: dg.OpExecutionContext, config: ReportConfig, connections: Connections) -> dg.Output[None]:
    """Reads the record-level log; the table stands beside the output, as Show Markdown."""
    with explained(), connections.ledger() as ledger:
        told = ledger.told(config.excerpt(ledger), max(1, min(config.limit, 1000)))
    counts = Counter(str(each.verdict) for each in told)
    words = ", ".join(f"{count:,} {verdict}" for verdict, count in counts.most_common()) or "nothing in the log"
    context.log.info(f"{words}; the reasons in words: co2sf log --record {_named(told) or 'invoice:10041'}")
    return dg.Output(None, metadata={"lines": dg.MetadataValue.md(_table(told)), **counts})


@dg.job(config=quiet | {"ops": {"lines": {"config": ReportConfig().model_dump()}}})
def report() -> None:
    """Show what happened to records, line by line: of some records, a run, an sObject, a verdict or a span of time.

    Say in the configuration which; the table stands beside the output of the run, as Show Markdown."""
    lines()


def _named(told: Sequence[LogEntry]) -> str:
    return f"{told[-1].object}:{told[-1].record_id}" if told else ""


def _table(told: Iterable[LogEntry]) -> str:
    lines = [
        "| at (UTC) | run | record | row | verdict | code | field | cause, and what to do |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_line, told)])


def _line(entry: LogEntry) -> str:
    """A line without the message, which may quote a customer's value."""
    reason = reason_for(entry.code, entry.message)
    why = f"{reason.cause}; {reason.advice}" if entry.verdict in OWED else ""
    cells = (f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.run_id[:8], f"{entry.object}:{entry.record_id}",
             f"{entry.sobject} {entry.external_id}".strip(), entry.verdict, entry.code, entry.field, why)  # fmt: skip
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
