"""A deployment as it is watched: a bar while it runs, and what Salesforce does not take at its end."""

import time

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.cli.printing import show
from pipelines.mapping.problem import shown
from pipelines.salesforce.deploy import Deployment, Deployments
from pipelines.schema.package import Package

_most_named = 20
_first_wait_seconds, _longest_wait_seconds = 0.2, 3.0


def follow(deployments: Deployments, begun: Deployment, package: Package) -> Deployment:
    """Wait until it has ended, and tell how."""
    what = "check" if begun.check_only else "deployment"
    again = f"co2sf schema deploy {shown(package.folder)} --resume {begun.id}"
    click.echo(f"{what} {begun.id}: it goes on when you leave; look again with {again}", err=True)
    ended = _watched(deployments, begun, what)
    if ended.success:
        _tell_landed(ended, what)
    else:
        _tell_failures(ended, package, what)
    return ended


def _watched(deployments: Deployments, begun: Deployment, what: str) -> Deployment:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    console = Console(stderr=True)
    now, wait = begun, _first_wait_seconds
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        bar = progress.add_task(what, total=None)
        while not now.done:
            time.sleep(wait)
            wait = min(wait * 1.5, _longest_wait_seconds)
            now = deployments.look(begun.id)
            failed = f", {now.errors} refused" if now.errors else ""
            said = f"{what}: {now.status}{failed} {now.doing}".rstrip()
            progress.update(bar, description=said, total=now.total or None, completed=now.deployed)
    return now


def _tell_landed(ended: Deployment, what: str) -> None:
    """What exists and changes is named: it may be what this user does not see."""
    changed = [f"{each.kind} {each.name}" for each in ended.landed if each.is_changed]
    new = sum(each.is_new for each in ended.landed)
    same = len(ended.landed) - new - len(changed)
    click.echo(f"{what} {ended.id}: {ended.status}, {new} new, {len(changed)} changed, {same} as they were")
    if changed:
        more = f" and {len(changed) - _most_named} more" if len(changed) > _most_named else ""
        click.echo(f"{'would change' if ended.check_only else 'changed'}: {', '.join(changed[:_most_named])}{more}")


def _tell_failures(ended: Deployment, package: Package, what: str) -> None:
    rows = [
        {
            "component": f"{each.kind} {each.name}",
            "file": package.source(each.file, each.line),
            "problem": each.problem,
        }
        for each in ended.failures
    ]
    show(rows, nothing=ended.message)
    refused = len({(each.kind, each.name) for each in ended.failures})
    count = f"{refused} of {ended.total} components are not taken" if rows else "it was ended"
    click.echo(f"{what} {ended.id}: {ended.status}, {count}; nothing has changed", err=True)
