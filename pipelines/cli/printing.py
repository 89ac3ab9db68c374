"""How answers are printed: a table on a terminal, plain lines in a pipe, or JSON when asked for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

_short = 8  # cells as narrow as that are never folded
Rows = Sequence[Mapping[str, Any]]

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


def show(rows: Rows, *, as_json: bool = False, nothing: str = "") -> None:
    """Print rows that all have the same keys; without any, what ``nothing`` says."""
    console = Console()
    if as_json:
        click.echo(json.dumps(list(rows), indent=1, default=str, ensure_ascii=False))
    elif not rows and nothing:
        click.echo(nothing)
    elif rows and console.is_terminal:
        console.print(_table(rows))
    else:
        _plain(rows)


def _table(rows: Rows) -> Table:
    """A table without the counts that are zero in every row: what happened fits an ordinary window then."""
    names = [name for name in rows[0] if not all(row[name] == 0 for row in rows)]
    table = Table(header_style="bold", box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for place, name in enumerate(names):
        is_short = place == 0 or max(len(_text(row[name])) for row in rows) <= _short
        justify: JustifyMethod = "right" if _is_numeric(rows, name) else "left"
        table.add_column(name, justify=justify, overflow="fold", no_wrap=is_short)
    for row in rows:
        table.add_row(*(Text(_text(row[name])) for name in names))
    return table


def _plain(rows: Rows) -> None:
    lines = [[*rows[0]], *([_text(value) for value in row.values()] for row in rows)] if rows else []
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))] if lines else []
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _is_numeric(rows: Rows, name: str) -> bool:
    return all(isinstance(row[name], int | float) or row[name] in {None, ""} for row in rows)


def _text(value: object) -> str:
    return "" if value is None else str(value).replace("\n", " ")
