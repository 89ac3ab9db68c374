"""The browser that looks at Dagster's UI without a window: Debian's chromium, or the one that ``CHROMIUM`` names."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import BrowserContext, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

MISSING = "there is no browser: install chromium (apt install chromium), or name one by CHROMIUM=/path/to/it"
_width, _height = 1280, 800
_patience_seconds = 60
_still_loading = ("Loading", "fetching statuses", "Checking config")
_quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync"]  # fmt: skip


def executable() -> str | None:
    """The path of a browser, None when this machine has none."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def browsing(url: str, scale: float = 1.0) -> Iterator[BrowserContext]:
    """A new browser, for addresses below ``url``; a smaller scale shows more in a picture of the same size."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=_quiet)
        context = browser.new_context(
            base_url=url, viewport={"width": int(_width / scale), "height": int(_height / scale)},
            device_scale_factor=scale,
        )  # fmt: skip
        context.set_default_timeout(_patience_seconds * 1000)
        yield context
        browser.close()


def look(page: Page, path: str, *texts: str) -> None:
    """Open a page and wait until it shows these texts."""
    page.goto(path)
    for text in texts:
        page.get_by_text(text).first.wait_for()


def settle(page: Page) -> None:
    """Wait for what is still loading; something of a page may do so for ever without hiding the rest."""
    for text in _still_loading:
        with suppress(PlaywrightTimeout):
            page.wait_for_function("text => !document.body.innerText.includes(text)", arg=text, timeout=10_000)
    page.wait_for_timeout(1000)  # what slides in has arrived
