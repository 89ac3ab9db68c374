"""How answers are printed: a table on a terminal, plain lines in a pipe, or JSON when asked for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

Rows = Sequence[Mapping[str, Any]]

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


def show(rows: Rows, *, title: str = "", as_json: bool = False) -> None:
    """Print rows that all have the same keys."""
    console = Console()
    if as_json:
        click.echo(json.dumps(list(rows), indent=1, default=str, ensure_ascii=False))
    elif rows and console.is_terminal:
        console.print(_table(rows, title))
    else:
        _plain(rows)


def _table(rows: Rows, title: str) -> Table:
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for name in rows[0]:
        table.add_column(name, justify="right" if _is_numeric(rows, name) else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_text(value)) for value in row.values()))
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
