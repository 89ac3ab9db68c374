"""How a person says which owed rows are meant: the same words for every command."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from pipelines.ledger.choice import Choice
from pipelines.ledger.outcome import OWED

Command = Callable[..., Any]

_verdicts = sorted(map(str, OWED))


def choosing(limit: int | None, limit_help: str) -> Callable[[Command], Command]:
    """Options that give the command a ``choice``; ``limit`` is how many rows it takes unless it is told."""

    def with_options(command: Command) -> Command:
        @click.argument("which", required=False, default="", metavar="[OBJECT:ID | SOBJECT]")
        @click.option("--sobject", default="", help="Only rows of this sObject.")
        @click.option("--verdict", default="", type=click.Choice(["", *_verdicts]), metavar="|".join(_verdicts),
                      help="Only rows with this verdict.")  # fmt: skip
        @click.option("--code", default="", help="Only rows with this code, say STRING_TOO_LONG.")
        @click.option("--limit", default=limit, show_default=limit is not None, type=click.IntRange(min=1),
                      help=limit_help)  # fmt: skip
        @wraps(command)
        def chosen(*args: Any, which: str, limit: int | None, **words: Any) -> Any:  # noqa: ANN401 - as click calls it
            said = {name: words.pop(name) for name in ("sobject", "verdict", "code")}
            return command(*args, choice=Choice.of(which, **said, limit=limit or 0), **words)

        return chosen

    return with_options
