"""Who wants to hear how a load gets on: the progress bar of ``co2sf sync``, nobody in a run started by Dagster."""

from collections.abc import Callable
from contextvars import ContextVar

from pipelines.mapping.model import Mapping

listener: ContextVar[Callable[[str, int], None] | None] = ContextVar("listener", default=None)


def announce(mapping: Mapping, rows: int) -> None:
    """Tell the listener that some rows of an sObject have been dealt with."""
    hear = listener.get()
    if hear is not None:
        hear(mapping.to, rows)
