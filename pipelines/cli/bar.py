"""How a run that was started here gets on, while a person looks."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


@contextmanager
def bar(*, hidden: bool) -> Iterator[None]:
    """A progress bar on a terminal; nothing in a pipe."""
    from pipelines.orchestration.progress import listener

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:34}"),
        BarColumn(),
        TextColumn("{task.completed:>8,} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=hidden or not console.is_terminal, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def hear(sobject: str, rows: int) -> None:
            if sobject not in tasks:
                tasks[sobject] = progress.add_task(sobject, total=None)
            progress.advance(tasks[sobject], rows)

        token = listener.set(hear)
        try:
            yield
        finally:
            listener.reset(token)
