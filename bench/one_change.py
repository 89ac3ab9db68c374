"""What one change costs, from the sensor's look to the row in Salesforce: ``python bench/one_change.py 1000 5``

A company of so many customers is loaded and then changed so many times in each way. Every run is made as a warm worker
makes it: by Dagster's own worker code, in this process. "waits" are seconds until a vendor has answered; where the
sandbox answers in a few milliseconds, real vendors take some 100, so what counts is how many calls stand one after
another before the row. ``python bench/one_change.py start`` tells what a process takes until it can run.
"""

import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import dagster as dg
import requests
from dagster._cli.api import _execute_run_command_body
from dagster._core.code_pointer import CodePointer
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin

from pipelines.definitions import definitions
from pipelines.ledger.ledger import open_ledger
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.sensor import changes
from pipelines.settings import ProjectSettings, read_settings
from sandbox.place import Place, running

_pointer = CodePointer.from_module("pipelines.definitions", "definitions", str(Path(__file__).parents[1]))
_origin = RepositoryPythonOrigin(sys.executable, _pointer)
_layers = ("extract", "map", "load")


@dataclass
class Calls:
    """The calls of this process to both vendors: when each ended, and how long it took."""

    place: Place
    made: list[tuple[str, str, float, float]] = field(default_factory=list)

    @contextmanager
    def counted(self) -> Iterator["Calls"]:
        """Count from now on, and begin anew."""
        self.made = []
        send = requests.Session.send

        def timed(session: requests.Session, request: requests.PreparedRequest, **options: object) -> requests.Response:
            started = time.time()
            answer = send(session, request, **options)  # type: ignore[arg-type]
            vendor = "chargeover" if str(request.url).startswith(self.place.chargeover) else "salesforce"
            self.made.append((vendor, f"{request.method} {request.path_url}", started, time.time()))
            return answer

        requests.Session.send = timed  # type: ignore[method-assign]
        try:
            yield self
        finally:
            requests.Session.send = send  # type: ignore[method-assign]

    def of(self, vendor: str) -> int:
        return sum(name == vendor for name, *_ in self.made)

    def waits(self) -> float:
        return sum(ended - started for _, _, started, ended in self.made)

    def one_after_another(self) -> int:
        """How many calls follow one another until the first one that writes has been answered."""
        chain, last = 0, 0.0
        for _, what, started, ended in sorted(self.made, key=lambda each: each[2]):
            if started >= last:
                chain, last = chain + 1, ended
            if "composite" in what:
                break
        return chain

    def landed_at(self) -> float:
        """When Salesforce had answered the first call that writes."""
        return next((ended for _, what, _, ended in self.made if "composite" in what), float("nan"))


@dataclass
class Company:
    """Changes in ChargeOver, each named for how it is noticed."""

    place: Place
    number: int = 0

    def edits_an_invoice(self) -> None:
        self._call("PUT", f"invoice/{self._open()['invoice_id']}", {"refnumber": f"Edited {time.time_ns()}"})

    def takes_a_payment(self) -> None:
        invoice = self._open()
        applied = [{"invoice_id": invoice["invoice_id"]}]
        payment = {"customer_id": invoice["customer_id"], "amount": "1.00", "transaction_type": "pay"}
        self._call("POST", "transaction", payment | {"gateway_status": 1, "applied_to": applied})

    def wins_a_customer(self) -> None:
        customer = self._call("POST", "customer", {"company": f"New {self.number}"})["id"]
        line = {"item_id": 1, "line_rate": 49.5, "line_quantity": 1, "descrip": "Service"}
        self._call("POST", "invoice", {"customer_id": customer, "line_items": [line]})

    def announces_an_invoice(self) -> None:
        invoice = self._open()["invoice_id"]
        self._call("PUT", f"invoice/{invoice}", {"refnumber": f"Announced {time.time_ns()}"})
        with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
            ledger.note("invoice", [invoice], "webhook", datetime.now(UTC))

    def _open(self) -> dict[str, Any]:
        self.number += 1
        query = f"invoice?limit=1&offset={self.number}&where=invoice_status_state:EQUALS:o"
        return dict(self._call("GET", query)[0])

    def _call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - what JSON holds
        url, keys = f"{self.place.chargeover}/api/v3/{path}", ("sandbox-public-key", "sandbox-private-key")
        answer = requests.request(method, url, json=body, auth=keys, timeout=60)
        answer.raise_for_status()
        return answer.json()["response"]


def main(customers: int, times: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        place = replace(Place.from_environment(), home=Path(folder) / "home")
        place = replace(place, chargeover_port=_free_port(), salesforce_port=_free_port())
        with running(place, customers=customers, months=6):
            os.environ |= place.settings()
            with dg.DagsterInstance.from_config(str(place.home)) as instance:
                _measure(instance, place, times)


def _measure(instance: dg.DagsterInstance, place: Place, times: int) -> None:
    company, calls = Company(place), Calls(place)
    started = time.time()
    for _ in range(3):  # the first load, then what it has left to be looked at again
        if (request := _looked(instance)) is not None:
            _run(instance, request)
    print(f"first load: {time.time() - started:.1f} s")
    names = ("look", "begin", *_layers, "cpu", "run", "row", "waits", "CO", "SF", "chain", "assets", "events")
    print(f"{'':22}" + "".join(f"{name:>8}" for name in names))
    for deed in (company.edits_an_invoice, company.takes_a_payment, company.wins_a_customer,
                 company.announces_an_invoice):  # fmt: skip
        found = defaultdict(list)
        for _ in range(times):
            deed()
            for name, figure in _figures(instance, calls).items():
                found[name].append(figure)
        told = (median(found[name]) for name in names)
        print(
            f"{deed.__name__.replace('_', ' '):22}"
            + "".join(f"{each:>8.2f}" if isinstance(each, float) else f"{each:>8}" for each in told),
            flush=True,
        )
    if "CALLS" in os.environ:
        for vendor, what, began, ended in calls.made:
            print(f"{vendor:10} {ended - began:.3f} {began % 1000:.3f} {re.sub(r'%3A', ':', what)[:150]}")


def _figures(instance: dg.DagsterInstance, calls: Calls) -> dict[str, float]:
    started = time.time()
    with calls.counted():
        request = _looked(instance)
        looked = time.time()
        assert request is not None
    looked_for = calls.of("chargeover")
    with calls.counted():
        figures = _run(instance, request)
        landed = calls.landed_at() - figures.pop("started")
    return figures | {
        "look": looked - started, "looked": looked_for, "row": landed, "waits": calls.waits(),
        "CO": calls.of("chargeover"), "SF": calls.of("salesforce"), "chain": calls.one_after_another(),
        "assets": len(request.asset_selection or ()),
    }  # fmt: skip


def _looked(instance: dg.DagsterInstance) -> dg.RunRequest | None:
    """What the sensor asks for."""
    repository, resources = definitions().get_repository_def(), {"connections": Connections()}
    asked = changes(dg.build_sensor_context(instance, repository_def=repository, resources=resources))
    return asked if isinstance(asked, dg.RunRequest) else None


def _run(instance: dg.DagsterInstance, request: dg.RunRequest) -> dict[str, float]:
    """Create a run as the daemon does, then run it as a worker does; its phases in seconds."""
    chosen, job = set(request.asset_selection or ()), definitions().get_repository_def().get_job("sync")
    run = instance.create_run_for_job(
        job.get_subset(asset_selection=chosen), run_config=request.run_config, tags=request.tags,
        asset_selection=chosen, job_code_origin=JobPythonOrigin("sync", _origin),
    )  # fmt: skip
    started, cpu = time.time(), time.process_time()
    marks: dict[tuple[str, str | None], float] = {}

    def mark(event: dg.DagsterEvent) -> None:
        marks[event.event_type_value, event.step_key] = time.process_time()

    assert _execute_run_command_body(run.run_id, instance, mark, set_exit_code_on_failure=True) == 0
    ended, used = time.time(), time.process_time() - cpu
    spans = {name: marks["STEP_SUCCESS", name] - marks["STEP_START", name] for name in _layers}
    return spans | {
        "begin": marks["STEP_START", "extract"] - cpu, "cpu": used, "run": ended - started, "started": started,
        "events": len(instance.all_logs(run.run_id)),
    }  # fmt: skip


def start() -> None:
    """What a process takes to load the definitions, and what of it each package takes."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DAGSTER_HOME": folder}
        load = "import pipelines.definitions as d; d.definitions().get_repository_def()"
        for name, code in {"python": "pass", "import dagster": "import dagster", "definitions": load}.items():
            print(f"{name:20} {median(_seconds(code, environment) for _ in range(5)):.2f} s CPU")
        done = subprocess.run([sys.executable, "-X", "importtime", "-c", f"import dagster; {load}"], env=environment,
                              capture_output=True, text=True, check=True)  # fmt: skip
    own: Counter[str] = Counter()
    _, dagster, rest = re.split(r"(.*\| dagster\n)", done.stderr, maxsplit=1)
    for line in rest.splitlines():
        words = line.removeprefix("import time:").split("|")
        if words[0].strip().isdigit():
            own[words[2].strip().partition(".")[0]] += int(words[0])
    print(f"after dagster ({int(dagster.split('|')[1]) / 1000:.0f} ms):")
    for name, microseconds in own.most_common(16):
        print(f"{name:24}{microseconds / 1000:>8.0f} ms")


def _seconds(code: str, environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


if __name__ == "__main__":
    words = sys.argv[1:]
    start() if words == ["start"] else main(*map(int, words or ("1000", "5")))
