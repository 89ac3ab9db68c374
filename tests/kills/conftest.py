"""The scenes where runs are killed: one of each kind of ledger for each test process."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

sys.path += [str(Path(__file__).parents[1] / "convergence")]

from archive import Archive
from places import shelf_in
from point import Course
from scene import Scene, mappings, scene
from zygote import Zygote

from pipelines.chargeover.catalog import vocabulary
from pipelines.mapping.reading import read_mappings


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of mappings."""
    folder = tmp_path_factory.mktemp("mappings") / "shelf"
    assert not shelf_in(folder, mappings).broken
    return folder


@pytest.fixture(scope="session")
def zygote(shelf: Path) -> Iterator[Zygote]:
    """Runs with these mappings, each in a process of its own."""
    with Zygote(shelf) as zygote:
        yield zygote


@pytest.fixture(scope="session")
def take(zygote: Zygote, shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., list[str]]]:
    """Takes a point, on ledgers in files or on a PostgreSQL server, by requests or by files; what went wrong."""
    with ExitStack() as stack:

        @cache
        def place(server: str, by_files: bool) -> Scene:
            folder = tmp_path_factory.mktemp("scene")
            read = read_mappings(shelf, vocabulary())
            return stack.enter_context(scene(folder, zygote, read, Archive(folder, server), by_files=by_files))

        yield lambda point, server="", by_files=False: Course(point, place(server, by_files)).take()
