"""When something in a folder may have changed."""

import time
from collections.abc import Iterator
from pathlib import Path

_quiet_ms, _longest_ms, _look_ms = 200, 1600, 1000
"""A save is several events: it is over when none came for a while. What no event tells is seen by a look."""


def moments(folder: Path) -> Iterator[None]:
    """Each time that something may have changed, and every second: a folder that was replaced tells nothing."""
    from watchfiles import watch as events

    while True:
        yield
        try:
            for _ in events(
                folder, step=_quiet_ms, debounce=_longest_ms, rust_timeout=_look_ms, yield_on_timeout=True,
                recursive=False,
            ):  # fmt: skip
                yield
        except FileNotFoundError:
            time.sleep(_look_ms / 1000)
