"""An hour of a company at work, with all of it live, while one call in twenty to either vendor fails.

``python bench/soak.py 60 6`` lets 60 minutes of the sandbox's clock pass, six times as fast as ours. It tells what
piles up, what memory each process needs, and at the end, when all is quiet again, whether the money agrees; ends with 1
when something is left over, memory grows or a cent differs.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import requests
from prometheus_client.parser import text_string_to_metric_families

from sandbox.companions import program, wait_until
from sandbox.life import Life
from sandbox.place import Place, running
from sandbox.stack import Stack, live
from sandbox.up import register_webhooks

_customers, _ui_port = 60, 3018
_sample_seconds, _deed_seconds, _look_seconds, _settle_seconds = 10, 2, 30, 600
_most_growth_percent = 15
_chargeover = {"503": 83, "drop": 97, "lost_answer": 101, "500": 103, "cut_json": 127}
_salesforce = {"503": 83, "503_after_commit": 97, "lost_answer": 101, "429": 103, "drop": 127, "expired_session": 499}
"""Each strikes every n-th call that no other struck: together one in twenty."""


@dataclass(frozen=True)
class Sample:
    """What is to be seen at one moment."""

    hints: int
    oldest_seconds: float
    owed: int
    megabytes: Mapping[str, float]

    def __str__(self) -> str:
        memory = "  ".join(f"{name} {size:.0f}" for name, size in self.megabytes.items())
        return f"{self.hints:6}{self.oldest_seconds:8.0f}{self.owed:6}  {memory}"


def main(minutes: float, speed: float) -> int:
    """Let so many minutes pass, print what was seen."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = replace(Place.from_environment(), home=Path(folder) / "home", profile="fast")
        with running(place, customers=_customers, months=3):
            register_webhooks(place)
            with live(place, _ui_port) as stack:
                assert wait_until(
                    lambda: len(place.rows("Account")) == _customers, unless=lambda: False, seconds=300
                ), "in vain"
                return _judged(stack, *_soak(stack, minutes * 60 / speed, speed))


def _soak(stack: Stack, seconds: float, speed: float) -> tuple[list[Sample], int]:
    """What was seen, and how many deeds were done."""
    place, samples, deeds = stack.place, list[Sample](), 0
    _trouble(place)
    print("  hints  oldest  owed  megabytes", flush=True)
    began = time.monotonic()
    for second in range(round(seconds)):
        _advance(place, speed - 1)
        deeds += second % _deed_seconds == 0 and _happens(Life(place.chargeover, place.salesforce))
        if second % _sample_seconds == 0:
            samples.append(_sample(stack))
            print(samples[-1], flush=True)
        time.sleep(max(0.0, began + second + 1 - time.monotonic()))
    return samples, deeds


def _judged(stack: Stack, samples: list[Sample], deeds: int) -> int:
    """The exit code; why is printed."""
    for url in (stack.place.chargeover, stack.place.salesforce):
        requests.delete(f"{url}/_admin/faults", timeout=30).raise_for_status()
    _advance(stack.place, 660)  # the lists in which records change without a sign are due once more
    time.sleep(_look_seconds)
    is_settled = wait_until(lambda: _is_quiet(stack), unless=lambda: False, seconds=_settle_seconds, every=5)
    money = subprocess.run([program("co2sf"), "money"], env=stack.place.environment(), check=False)
    growth = {name: _growth([each.megabytes.get(name, 0) for each in samples]) for name in samples[-1].megabytes}
    most = [max(seen) for seen in zip(*((each.hints, each.oldest_seconds, each.owed) for each in samples), strict=True)]
    print(f"{deeds} changes; most hints {most[0]}, the oldest {most[1]:.0f} s, most owed {most[2]}")
    told = ", ".join(f"{name} {percent:+.0f} %" for name, percent in growth.items())
    print(f"memory from the second quarter to the last: {told}")
    print(f"at the end: {_sample(stack)}")
    is_flat = all(each <= _most_growth_percent for each in growth.values())
    print(f"all landed: {is_settled}; memory flat: {is_flat}; money agrees: {money.returncode == 0}")
    return 0 if is_settled and is_flat and money.returncode == 0 else 1


def _growth(sizes: list[float]) -> float:
    """Percent from the second quarter, when all is warm, to the last."""
    quarter = max(1, len(sizes) // 4)
    before, after = median(sizes[quarter : 2 * quarter] or sizes), median(sizes[-quarter:])
    return 100 * (after / before - 1) if before else 0


def _trouble(place: Place) -> None:
    for url, kinds in ((place.chargeover, _chargeover), (place.salesforce, _salesforce)):
        orders = [{"kind": kind, "every": every, "count": 10**9} for kind, every in kinds.items()]
        requests.post(f"{url}/_admin/faults", json=orders, timeout=30).raise_for_status()


def _advance(place: Place, seconds: float) -> None:
    for url in (place.chargeover, place.salesforce):
        requests.post(f"{url}/_admin/clock", json={"advance_seconds": seconds}, timeout=30).raise_for_status()


def _happens(life: Life) -> bool:
    """Whether one deed was done; the company meets the same troubles, and may have no record for it just now."""
    chance = random.SystemRandom()
    with suppress(IndexError, ValueError, requests.RequestException):
        chance.choice(list(life.deeds(chance)))()
        return True
    return False


def _is_quiet(stack: Stack) -> bool:
    query = "{ runsOrError(filter: {statuses: [QUEUED, NOT_STARTED, STARTING, STARTED]}) { ... on Runs { count } } }"
    now = _sample(stack)
    return not (now.hints or now.owed or stack.ask(query)["runsOrError"]["count"])


def _sample(stack: Stack) -> Sample:
    text = requests.get(f"{stack.place.receiver}metrics", timeout=30).text
    found = [each for family in text_string_to_metric_families(text) for each in family.samples]

    def total(name: str) -> float:
        return sum(each.value for each in found if each.name == name)

    memory = {name: sum(_sizes(process.pid)) for name, process in stack.processes.items()}
    return Sample(
        int(total("co2sf_inbox_hints")), total("co2sf_inbox_oldest_seconds"), int(total("co2sf_owed_rows")), memory
    )


def _sizes(group: int) -> Iterator[float]:
    """Megabytes of the processes of a group that stay: what works on one run only comes and goes."""
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (each / "stat").read_text().rpartition(")")[2].split()
            started = int(fields[19]) / 100  # clock ticks since the machine began; Linux counts 100 a second
            if int(fields[2]) == group and uptime - started > 60:
                yield int(fields[21]) * 4096 / 2**20


if __name__ == "__main__":
    sys.exit(main(*(float(each) for each in (sys.argv[1:] + ["60", "6"][len(sys.argv) - 1 :]))))
