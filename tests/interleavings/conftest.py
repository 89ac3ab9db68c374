"""The crossroads where runs meet: one for each test process."""

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path += [str(Path(__file__).parents[1] / name) for name in ("convergence", "kills")]

from crossroads import Crossroads, mappings

from pipelines.chargeover.catalog import vocabulary
from pipelines.mapping.reading import read_mappings


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Two small mappings."""
    folder = tmp_path_factory.mktemp("mappings")
    for name, text in mappings.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


@pytest.fixture(scope="session")
def crossroads(folder):
    """Where runs of these mappings meet."""
    shelf = read_mappings(folder, vocabulary())
    assert not shelf.broken
    with ExitStack() as stack:
        yield Crossroads(stack, shelf)
