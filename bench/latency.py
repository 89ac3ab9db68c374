"""From a change in ChargeOver to its row in Salesforce, in seconds, with all of it live: p50, p95, p99.

``python bench/latency.py 60`` makes 60 changes at random moments for each profile, with webhooks and by polling, with
an empty history and with 10,000 runs in it, beside a backfill, and for the same assets under Dagster's stock settings
(two hours).
Words behind it choose: ``python bench/latency.py 60 fast webhook`` measures what has these words in its name.
"""

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from statistics import quantiles
from threading import Event
from uuid import uuid4

import requests

from sandbox.companions import program, wait_until
from sandbox.place import Place, running
from sandbox.stack import Stack, live
from sandbox.up import register_webhooks

_customers, _longest_seconds = 20, 300
_keys = ("sandbox-public-key", "sandbox-private-key")
_stock = "telemetry: {enabled: false}\nnux: {enabled: false}\n"
_numbers = count(1)


@dataclass(frozen=True)
class Case:
    """One way to run it."""

    profile: str
    signal: str
    history: int
    beside: str = ""
    """A command that runs again and again meanwhile."""

    @property
    def name(self) -> str:
        return f"{self.profile} {self.signal} {self.history} {self.beside}".strip()


CASES = [
    *(Case(profile, signal, history) for history in (0, 10_000) for profile in ("fast", "default")
      for signal in ("webhook", "polling")),
    Case("fast", "webhook", 0, "backfill"),
    Case("stock", "webhook", 0),
]  # fmt: skip


def main(changes: int, words: list[str]) -> None:
    """Measure what was chosen, print figures and ratios."""
    found: dict[str, list[float]] = {}
    print(f"{'seconds from change to row':30}{'p50':>7}{'p95':>7}{'p99':>7}{'most':>7}", flush=True)
    for case in CASES:
        if set(words) <= set(case.name.split()):
            found[case.name] = _measure(case, changes)
            print(f"{case.name:30}" + "".join(f"{each:7.2f}" for each in _figures(found[case.name])), flush=True)
    stock = found.pop("stock webhook 0", None)
    for name, seconds in found.items() if stock else ():
        print(f"{name}: {_figures(stock)[0] / _figures(seconds)[0]:.1f} times as fast as Dagster's stock settings")


def _measure(case: Case, changes: int) -> list[float]:
    """The seconds of each change."""
    # a webhook is noticed before ChargeOver is asked, so that is done rarely; and the other way round
    os.environ["CHARGEOVER_POLL_SECONDS"] = "600" if case.signal == "webhook" else "5"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        profile = "default" if case.profile == "stock" else case.profile
        place = replace(Place.from_environment(), home=Path(folder) / "home", profile=profile)
        with running(place, customers=_customers, months=3):
            if case.signal == "webhook":
                register_webhooks(place)
            if case.profile == "stock":
                (place.home / "dagster.yaml").write_text(_stock)
            return _live(case, place, changes)


def _live(case: Case, place: Place, changes: int) -> list[float]:
    if case.history:  # written while nothing runs, since it locks what Dagster writes
        with _synced(case, place):
            pass
        remember(place.home / "history", case.history)
    with _synced(case, place) as stack, _beside(case, place):
        return [_change(stack, place) for _ in range(changes)]


@contextmanager
def _synced(case: Case, place: Place) -> Iterator[Stack]:
    """All of it, with one change behind it: the first is late, since Dagster's daemon has just begun."""
    module = "bench.stock" if case.profile == "stock" else "pipelines.definitions"
    with live(place, 3017, module=module) as stack:
        _until(lambda: len(place.rows("Account")) == _customers)
        time.sleep(5)
        _change(stack, place)
        yield stack


@contextmanager
def _beside(case: Case, place: Place) -> Iterator[None]:
    """Meanwhile all invoices of all months are sent again and again, if the case says so."""
    words, ended = [program("co2sf"), "backfill", "invoice", "--resend"], Event()

    def again() -> None:
        while case.beside and not ended.is_set():
            subprocess.run(words, env=place.environment(), stdout=subprocess.DEVNULL, check=True)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(again)
        try:
            yield
        finally:
            ended.set()
        done.result()


def _change(stack: Stack, place: Place) -> float:
    """Rename a customer at a random moment; the seconds until Salesforce has the new name."""
    time.sleep(random.uniform(4, 9))
    number = next(_numbers)
    record, name = str(1 + number % _customers), f"Change {number}"
    began = time.monotonic()
    url = f"{place.chargeover}/api/v3/customer/{record}"
    requests.put(url, json={"company": name}, auth=_keys, timeout=30).raise_for_status()
    _until(lambda: place.rows("Account")[record]["Name"] == name or bool(stack.ended()))
    assert not stack.ended(), stack.ended()
    return time.monotonic() - began


def _until(holds: Callable[[], bool]) -> None:
    assert wait_until(holds, unless=lambda: False, seconds=_longest_seconds, every=0.02), "in vain"


def _figures(seconds: list[float]) -> tuple[float, float, float, float]:
    cuts = quantiles(seconds, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98], max(seconds)


def remember(history: Path, number: int) -> None:
    """Let Dagster's history hold so many more runs, each like the last one that succeeded."""
    with closing(sqlite3.connect(history / "runs.db", timeout=60)) as runs:
        query = "SELECT run_id FROM runs WHERE status = 'SUCCESS' ORDER BY id DESC LIMIT 1"
        (run_id,) = runs.execute(query).fetchone()
        others = [str(uuid4()) for _ in range(number)]
        for table in ("runs", "run_tags"):
            _repeat(runs, table, run_id, others)
    with closing(sqlite3.connect(history / "runs" / "index.db", timeout=60)) as events:
        _repeat(events, "event_logs", run_id, others)


def _repeat(database: sqlite3.Connection, table: str, run_id: str, others: list[str]) -> None:
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
    listed, marks = ", ".join(columns), ", ".join("?" for _ in columns)
    rows = database.execute(f"SELECT {listed} FROM {table} WHERE run_id = ?", [run_id]).fetchall()
    copies = (
        [each.replace(run_id, other) if isinstance(each, str) else each for each in row]
        for other in others
        for row in rows
    )
    with database:
        database.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", copies)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60, sys.argv[2:])
