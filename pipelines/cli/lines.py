"""Lines of the record-level log: how a person says which are meant, and how they are shown."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import click

from pipelines.cli.wording import at, why
from pipelines.ledger.excerpt import LOGGED, Excerpt
from pipelines.ledger.ledger import Ledger

Command = Callable[..., Any]


def meaning(command: Command) -> Command:
    """Options that give the command an ``excerpt`` of the log."""

    @click.option("--record", default="", metavar="OBJECT:ID", help="What ever happened to a record: invoice:10041.")
    @click.option(
        "--since",
        default="",
        metavar="MOMENT",
        help="Records' lines from then on: 2026-03-01, 2026-03-01T14:30, 24h, 7d.",
    )
    @click.option("--until", default="", metavar="MOMENT", help="Records' lines before then.")
    @click.option("--sobject", default="", help="Records' lines of this sObject.")
    @click.option("--verdict", default="", type=click.Choice(["", *LOGGED]), metavar="VERDICT",
                  help=f"Records' lines with this verdict: {', '.join(LOGGED)}.")  # fmt: skip
    @wraps(command)
    def meant(*args: Any, record: str, **words: Any) -> Any:  # noqa: ANN401 - as click calls it
        said = {name: words.pop(name) for name in ("since", "until", "sobject", "verdict")}
        return command(*args, excerpt=Excerpt.of(record, now=datetime.now(UTC), **said), **words)

    return meant


def lines_of(ledger: Ledger, excerpt: Excerpt, limit: int) -> list[dict[str, Any]]:
    """What happened to one record from its beginning on, to all others of late."""
    one = len(excerpt.record_ids) == 1
    return [
        {
            "at": at(entry.at),
            "run": entry.run_id[:8],
            **({} if one else {"record": f"{entry.object}:{entry.record_id}"}),
            "row": f"{entry.sobject} {entry.external_id}".strip(),
            "verdict": str(entry.verdict),
            "Salesforce id": entry.salesforce_id or "",
            "why": why(entry.code, entry.field, entry.message),
        }
        for entry in ledger.told(excerpt, None if one else limit)
    ]
