"""Files that are there whole or not at all, however many processes make them at once."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4


def appear(file: Path, write: Callable[[Path], object]) -> None:
    """Make a file unless it is there: written beside its place, it appears in one step, and the first one stays."""
    if file.exists():
        return
    beside = file.with_suffix(f".{uuid4()}")
    write(beside)
    with suppress(FileExistsError):
        os.link(beside, file)
    beside.unlink()
