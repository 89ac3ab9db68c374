"""The first load of a company against the sandbox: records per second, memory, and calls on both sides.

``python bench/first_load.py 8000 40000`` loads companies of that many customers (8,000 are some 100,000 rows) one
after another, each into an empty org, and prints a line for each and for a second sync without changes.
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import requests

from sandbox.place import Place, running


@dataclass(frozen=True)
class Cost:
    """What one sync took."""

    seconds: float
    peak_mb: float
    salesforce_calls: int
    chargeover_calls: int


# In a process of its own, so that its children's peak memory is that of this one sync.
_watched = f"""
import resource, subprocess
subprocess.run([{str(Path(sys.executable).with_name("co2sf"))!r}, "sync"], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def main(sizes: list[int]) -> None:
    """Print the figures for each size."""
    head = f"{'customers':>9} {'sync':>7} {'rows':>8} {'seconds':>8} {'rows/s':>7} {'peak MB':>8} "
    print(head + f"{'SF calls/1000 rows':>19} {'CO calls/1000 rows':>19}")
    for customers in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _measure(customers, replace(Place.from_environment(), home=Path(folder) / "home"))


def _measure(customers: int, place: Place) -> None:
    with running(place, customers=customers, months=6):
        for name in ("first", "second"):
            cost = _sync(place)
            rows = sum(table["rows"] for table in _state(place.salesforce)["tables"].values()) - 1  # less our own user
            calls = [1000 * each / rows for each in (cost.salesforce_calls, cost.chargeover_calls)]
            speed = f"{cost.seconds:>8.1f} {rows / cost.seconds:>7.0f} {cost.peak_mb:>8.0f}"
            print(f"{customers:>9} {name:>7} {rows:>8} {speed} {calls[0]:>19.2f} {calls[1]:>19.2f}", flush=True)


def _sync(place: Place) -> Cost:
    before = _requests(place.salesforce), _requests(place.chargeover)
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", _watched], env=place.environment(), check=True, capture_output=True)
    seconds = time.perf_counter() - started
    after = _requests(place.salesforce), _requests(place.chargeover)
    return Cost(seconds, int(done.stdout) / 1024, after[0] - before[0], after[1] - before[1])


def _requests(url: str) -> int:
    return sum(requests.get(f"{url}/_admin/requests", timeout=60).json()["counts"].values())


def _state(url: str) -> dict[str, dict[str, dict[str, int]]]:
    return dict(requests.get(f"{url}/_admin/state", timeout=60).json())


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [8000])
