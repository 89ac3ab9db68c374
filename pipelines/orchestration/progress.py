"""Who wants to hear how a run gets on: the progress bar of ``co2sf sync``, nobody in a run started by Dagster."""

from collections.abc import Callable
from contextvars import ContextVar

listener: ContextVar[Callable[[str, int], None] | None] = ContextVar("listener", default=None)


def announce(name: str, rows: int) -> None:
    """Tell the listener that some rows of an object have been read, or of an sObject dealt with."""
    hear = listener.get()
    if hear is not None:
        hear(name, rows)
