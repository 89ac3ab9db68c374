"""The pictures of the docs, made anew: ``python -m sandbox.screenshots``

A company of its own is synced live for a minute, with a few rows owed, and a headless browser looks at Dagster's UI.
"""

import random
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page
from rich.console import Console

from sandbox.browser import MISSING, browsing, executable, look, settle
from sandbox.companions import program
from sandbox.life import Life
from sandbox.living import happens
from sandbox.place import Place, running
from sandbox.stack import Stack, live
from sandbox.up import register_webhooks

IMAGES = Path(__file__).parents[1] / "docs" / "images"
_changes, _pause_seconds = 12, 3.0
_last_runs = "{ runsOrError(limit: 30) { ... on Runs { results { runId status tags { key value } } } } }"
_console = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: where, what is to be seen there, what is clicked at before, and what is moved into sight."""

    name: str
    path: str
    texts: tuple[str, ...]
    click: str = ""
    to: str = ""
    scale: float = 1.0
    """A smaller one shows more."""


def main() -> None:
    """Make every picture; without a browser none is made, which is no error."""
    if executable() is None:
        _console.print(f"No pictures: {MISSING}")
        return
    first, second, third, ui = (_free_port() for _ in range(4))
    with tempfile.TemporaryDirectory() as home:
        place = Place(Path(home), first, second, third)
        with running(place, customers=60, months=4):
            register_webhooks(place)
            _co2sf(place, "sync")
            with live(place, ui) as stack:
                _let_live(Life(place.chargeover, place.salesforce))
                _take_pictures(stack)


def scenes(run_id: str) -> list[Scene]:
    """All pictures; ``run_id`` is a run that changed something."""
    account, invoice = "/assets/salesforce/Account", "/assets/salesforce/ChargeOver_Invoice__c"
    job = "/locations/co2sf/jobs"
    return [
        Scene("lineage", "/asset-groups", ("extract", "map", "load"), scale=0.8),
        Scene("load-order", f"{invoice}?view=lineage", ("Nearest Neighbors",), scale=0.8),
        Scene("asset", invoice, ("Columns", "from total as currency"), scale=0.8),
        Scene("plots", account, ("Columns",), click="Plots", to="chargeover calls"),
        Scene("owed", f"{account}?view=events", ("Materialized in run",), to="a validation rule", scale=0.8),
        Scene("run", f"/runs/{run_id}", ("RUN_SUCCESS",), scale=0.8),
        Scene("runs", "/runs", ("why: ", "did: "), scale=0.7),
        Scene("sensor", "/locations/co2sf/sensors/changes", ("Starts a sync when",), scale=0.8),
        Scene("report", f"{job}/report/playground", ("verdict:", "Launch Run"), scale=0.8),
    ]


def _take_pictures(stack: Stack) -> None:
    run_id = _settled(stack)
    IMAGES.mkdir(exist_ok=True)
    for scene in scenes(run_id):
        with browsing(stack.ui, scene.scale) as context:
            _picture(context.new_page(), scene)


def _picture(page: Page, scene: Scene) -> None:
    look(page, scene.path, *scene.texts)
    settle(page)
    if scene.click:
        page.get_by_text(scene.click, exact=True).first.click()
        settle(page)
    if scene.to:
        page.get_by_text(scene.to).first.evaluate("shown => shown.scrollIntoView({block: 'center'})")
    file = IMAGES / f"{scene.name}.png"
    page.screenshot(path=file)
    _console.print(f"{file.name}  {file.stat().st_size // 1024} KB")


def _let_live(life: Life) -> None:
    """The seven changes of the demo, of which three cannot land, and then an ordinary day."""
    life.goes_on()
    chance = random.Random(4)  # noqa: S311 - a made-up life
    for _ in range(_changes):
        time.sleep(_pause_seconds)
        happens(life, chance)


def _settled(stack: Stack) -> str:
    """The last run that changed something, once none is under way."""
    while True:
        time.sleep(2)
        runs = stack.ask(_last_runs)["runsOrError"]["results"]
        if all(each["status"] in {"SUCCESS", "FAILURE", "CANCELED"} for each in runs):
            did = {str(each["runId"]): tag["value"] for each in runs for tag in each["tags"] if tag["key"] == "did"}
            return next(run_id for run_id, what in did.items() if "created" in what or "updated" in what)


def _co2sf(place: Place, *words: str) -> None:
    subprocess.run([program("co2sf"), *words], env=place.environment(), stdout=subprocess.DEVNULL, check=True)  # noqa: S603


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


if __name__ == "__main__":
    main()
