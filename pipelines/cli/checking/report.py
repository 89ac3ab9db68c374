"""What check --live says about an account, as text or as data."""

from dataclasses import asdict, replace
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from pipelines.cli.checking.account import Account
from pipelines.cli.checking.burden import Burden, burdens, oldest, total
from pipelines.cli.checking.supports import PLURAL, lines
from pipelines.cli.duration import duration

WIDTH = 100
"""The most columns that a line of text takes."""


def as_data(account: Account) -> dict[str, Any]:
    """What the account supports, and what each object and all of them take."""
    supports = [{"what": what, "answer": answer, "so": so} for what, answer, so in lines(account)]
    return {"supports": supports, "takes": [asdict(each) for each in [*burdens(account), total(account)]]}


def print_account(account: Account) -> None:
    """Two tables: what the account supports, and how much there is to go through."""
    for table in (_supports(account), _takes(account)):
        click.echo()
        _print(table)
    click.echo(f"\n{oldest(account)}")


def _print(table: Table) -> None:
    console = Console(highlight=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


def _supports(account: Account) -> Table:
    table = _table(account.settings.url.host or "", "answer", "what follows")
    for column in table.columns[:2]:
        column.no_wrap = True
    for line in lines(account):
        table.add_row(*line)
    return table


def _takes(account: Account) -> Table:
    table = _table("", "records", "calls of a watch", "it takes", "calls of a sweep", "it takes")
    for column in table.columns[1:]:
        column.justify = "right"
    for each in burdens(account):
        table.add_row(*_cells(replace(each, name=PLURAL[each.name])))
    table.add_row(*_cells(total(account)))
    return table


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def _cells(each: Burden) -> tuple[str, ...]:
    is_watched = each.watch_calls is not None and each.watch_seconds is not None
    watch = (f"{each.watch_calls:,}", duration(each.watch_seconds or 0)) if is_watched else ("", "")
    return each.name, f"{each.records:,}", *watch, f"{each.sweep_calls:,}", duration(each.sweep_seconds)
