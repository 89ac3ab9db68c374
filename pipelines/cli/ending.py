"""How long-running commands end: SIGTERM as Ctrl-C, quietly."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def until_told() -> Iterator[None]:
    """Let SIGTERM end what is inside as Ctrl-C does; what is open there is closed in good order."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)
