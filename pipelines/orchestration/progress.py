"""Who wants to hear how a run gets on: the progress bar of ``co2sf sync``, nobody in a run started by Dagster."""

from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from logging import Logger
from threading import Lock
from time import monotonic

_tell_every_seconds = 10.0

listener: ContextVar[Callable[[str, int], None] | None] = ContextVar("listener", default=None)


def announce(name: str, rows: int) -> None:
    """Tell the listener that some rows of an object have been read, or of an sObject dealt with."""
    hear = listener.get()
    if hear is not None:
        hear(name, rows)


class Teller:
    """Tells the log of a long run how far it is, at most every ten seconds, and the listener each time."""

    def __init__(self, log: Logger) -> None:
        self._log, self._lock = log, Lock()
        self._rows: Counter[str] = Counter()
        self._told_at = monotonic()

    def add(self, name: str, rows: int) -> None:
        """Count rows that have been read of an object, or dealt with of an sObject."""
        announce(name, rows)
        with self._lock:
            self._rows[name] += rows
            is_time = monotonic() - self._told_at >= _tell_every_seconds
            if is_time:
                self._told_at = monotonic()
        if is_time:
            self._log.info(f"so far: {', '.join(f'{name} {count:,}' for name, count in self._rows.items())}")
