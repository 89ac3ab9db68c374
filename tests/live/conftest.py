"""co2sf live as processes of their own: the sandbox, Dagster, the receiver, workers; and a person who watches."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import requests

from pipelines.orchestration.abandoned import process_tag
from sandbox.companions import free_ports
from sandbox.place import Place, running
from sandbox.stack import Stack, live
from sandbox.up import register_webhooks

root = Path(__file__).parents[2]
keys = ("sandbox-public-key", "sandbox-private-key")
mapped = ("customers", "contacts", "products")


@dataclass
class Watch:
    """A place where co2sf is live, as a test changes and watches it."""

    place: Place
    folder: Path

    def wait(self, holds: Callable[[], Any], what: str, seconds: float = 180) -> Any:
        """What holds, once it does."""
        end = time.monotonic() + seconds
        while not (found := holds()):
            assert time.monotonic() < end, f"in vain: {what}; {self.runs()}"
            time.sleep(0.1)
        return found

    def call(self, method: str, path: str, body: object = None) -> Any:
        answer = requests.request(method, f"{self.place.chargeover}/api/v3/{path}", json=body, auth=keys, timeout=30)
        assert answer.ok, answer.text
        return answer.json()["response"]

    def slow_down(self, seconds: float) -> None:
        """The next call that writes to Salesforce takes so long."""
        fault = {"kind": "slow", "path": "composite", "seconds": seconds}
        requests.post(f"{self.place.salesforce}/_admin/faults", json=[fault], timeout=30).raise_for_status()

    def rows(self, sobject: str) -> dict[str, dict[str, Any]]:
        return self.place.rows(sobject)

    def rename(self, customer: int, name: str) -> None:
        self.call("PUT", f"customer/{customer}", {"company": name})

    def is_named(self, customer: int, name: str) -> Callable[[], bool]:
        return lambda: self.rows("Account").get(str(customer), {}).get("Name") == name

    def lands(self, customer: int, name: str) -> None:
        self.wait(self.is_named(customer, name), f"customer {customer} becomes {name}")

    def runs(self) -> list[tuple[str, str, str]]:
        """Status, reason and id of each run, the newest first."""
        with dg.DagsterInstance.from_config(str(self.place.home)) as instance:
            found = instance.get_runs(limit=200)
            return [(each.status.value, each.tags.get("why", ""), each.run_id) for each in found]

    def status(self, run_id: str) -> str:
        return next(status for status, _, each in self.runs() if each == run_id)

    def tags(self, run_id: str) -> dict[str, str]:
        with dg.DagsterInstance.from_config(str(self.place.home)) as instance:
            return dict(instance.get_run_by_id(run_id).tags)

    def events(self, run_id: str) -> set[str]:
        with dg.DagsterInstance.from_config(str(self.place.home)) as instance:
            told = [each.dagster_event for each in instance.all_logs(run_id) if each.dagster_event]
        return {each.event_type_value for each in told}

    def rest(self) -> None:
        """Nothing is under way."""
        done = {"SUCCESS", "FAILURE", "CANCELED"}
        self.wait(lambda: self.runs() and all(each[0] in done for each in self.runs()), "all runs end")

    def slow_run(self, customer: int, name: str, seconds: float = 60) -> tuple[str, int]:
        """A change whose run is under way for long: the run's id, and the process that works on it."""
        self.rest()
        before = {run_id for _, _, run_id in self.runs()}
        self.slow_down(seconds)
        self.rename(customer, name)

        def signed() -> tuple[str, int] | None:
            for status, _, run_id in self.runs():
                process = self.tags(run_id).get(process_tag, "")
                if run_id not in before and status == "STARTED" and process:
                    return run_id, int(process.rpartition(":")[2])
            return None

        found: tuple[str, int] = self.wait(signed, "a run starts")
        return found

    def processes(self) -> list[str]:
        """The commands of all processes that work in this place."""
        found, mark = [], f"DAGSTER_HOME={self.place.home}".encode()
        for each in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (each / "environ").read_bytes().split(b"\0"):
                    found.append((each / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue  # it has just ended
        return found


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of mappings that a test may edit."""
    folder = tmp_path_factory.mktemp("shelf")
    for name in mapped:
        shutil.copy(root / "mappings" / f"{name}.yaml", folder)
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, shelf: Path) -> Iterator[Place]:
    """Where all of it lives; the profile is for the module to say."""
    home = tmp_path_factory.mktemp("live") / "sandbox"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(home))  # where the history is read
        patch.setenv("CO2SF_MAPPINGS", str(shelf))
        patch.setenv("CHARGEOVER_POLL_SECONDS", "2")
        yield Place(home, *free_ports(3))


@pytest.fixture(scope="module")
def watch(place: Place, shelf: Path) -> Watch:
    return Watch(place, shelf)


@pytest.fixture(scope="module")
def fast(place: Place, watch: Watch, shelf: Path) -> Iterator[tuple[Watch, Stack]]:
    """The profile fast, everything landed."""
    warm = replace(place, profile="fast")
    with running(warm, customers=4, months=2):
        register_webhooks(warm)
        with live(warm, *free_ports(1)) as stack:
            watch.wait(lambda: len(watch.rows("Account")) == 4, "the first sync")
            watch.rest()
            yield watch, stack
