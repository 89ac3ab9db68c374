"""One live co2sf on a small sandbox for all tests of the UI, and a browser that looks at it."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from sandbox.browser import MISSING, browsing, executable
from sandbox.companions import free_ports, program
from sandbox.life import Life
from sandbox.place import Place, running
from sandbox.stack import Stack, live

shipped = Path(__file__).parents[2] / "mappings"


def broken_copy(folder: Path) -> Path:
    """The shipped mappings, of which that of quotes has a typing error in its third line."""
    shutil.copytree(shipped, folder)
    path = folder / "quotes.yaml"
    text = path.read_text()
    assert text.count("from: quote\n") == 1
    path.write_text(text.replace("from: quote\n", "from: quot\n"))
    return folder


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Two syncs have run, the second with rows that are owed."""
    if executable() is None:
        pytest.skip(MISSING)
    folder = tmp_path_factory.mktemp("ui")
    place = Place(folder / "home", *free_ports(3))
    with pytest.MonkeyPatch.context() as patch, running(place, customers=6, months=3):
        patch.setenv("CO2SF_MAPPINGS", str(broken_copy(folder / "shelf")))
        co2sf(place, "sync")
        Life(place.chargeover, place.salesforce).goes_on()
        co2sf(place, "sync")
        with live(place, *free_ports(1)) as stack:
            yield stack


def co2sf(place: Place, *words: str) -> str:
    """What a command prints; it may end with an error, since a mapping is broken and rows are owed."""
    return subprocess.run(
        [program("co2sf"), *words], env=place.environment(), check=False, capture_output=True, text=True
    ).stdout


@pytest.fixture(scope="module")
def browser(stack: Stack) -> Iterator[BrowserContext]:
    with browsing(stack.ui, scale=0.6) as context:
        yield context


@pytest.fixture
def page(browser: BrowserContext) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()
