"""What change capture costs ChargeOver: calls at rest, and calls and seconds until one change is noticed and written.

``python bench/at_rest.py 10000 72`` makes a company of 10,000 customers who joined during 72 months (some 300,000
invoices), loads it, lets it rest, and then changes one thing for each signal. Seconds are those of the sensor's look
and of the run in this process, without what Dagster's daemon takes to start it.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import requests

from pipelines.definitions import definitions
from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.mapping.reading import Shelf
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import paced
from pipelines.settings import ChargeOverSettings, ProjectSettings, read_settings
from pipelines.sync.source import source_of
from pipelines.sync.turn import objects_with_news
from sandbox.place import Place, running

_minute, _day = 60, 86_400
_looks_an_hour, _walks_an_hour = 720, 6


@dataclass
class Bench:
    """A loaded company, and what each step of watching it costs."""

    place: Place
    ledger: Ledger

    def shelf(self) -> Shelf:
        return Connections().shelf()

    def counts(self) -> int:
        """How often ChargeOver was asked how many records fit: what a look consists of."""
        asked = requests.get(f"{self.place.chargeover}/_admin/requests", timeout=60).json()["counts"]
        return sum(calls for kind, calls in asked.items() if kind.endswith("_count"))

    def tick(self) -> set[str]:
        """One look of the sensor: the objects that a run should read."""
        source = source_of(read_settings(ChargeOverSettings), self.ledger)
        return set(objects_with_news(source, self.ledger, self.shelf(), polls=True, again=False))

    def run(self, **config: bool) -> Counter[str]:
        """A run as the sensor asks for it, or as configured; the calls of each signal.

        Those that only tell ChargeOver's clock are left out: a clock that was moved takes more of them."""
        job = definitions().resolve_job_def("sync")
        asked = {"ops": {"extract": {"config": config}}} if config else paced
        found: Counter[str] = Counter()
        with dg.DagsterInstance.ephemeral() as instance:
            done = job.execute_in_process(instance=instance, run_config=asked | {"loggers": paced["loggers"]})
            assert done.success
            for event in done.get_asset_materialization_events():
                for name, value in event.materialization.metadata.items():
                    if name.startswith("calls for ") and not name.endswith("probe"):
                        found[name.removeprefix("calls for ")] += int(str(value.value))
        return found

    def pass_time(self, seconds: int) -> None:
        requests.post(f"{self.place.chargeover}/_admin/clock", json={"advance_seconds": seconds}, timeout=60)

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - what JSON holds
        url, keys = f"{self.place.chargeover}/api/v3/{path}", ("sandbox-public-key", "sandbox-private-key")
        answer = requests.request(method, url, json=body, auth=keys, timeout=60)
        answer.raise_for_status()
        return answer.json()["response"]

    def open_invoice(self) -> dict[str, Any]:
        return dict(self.call("GET", "invoice?limit=1&where=invoice_status_state:EQUALS:o")[0])


def main(customers: int, months: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        place = replace(Place.from_environment(), home=Path(folder) / "home")
        with running(place, customers=customers, months=months):
            os.environ |= place.settings() | {
                "CHARGEOVER_WATCH_CALLS_PER_MINUTE": "60000"
            }  # an hour passes in a second here
            with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
                _measure(Bench(place, ledger))


_told = ("customer", "user", "package", "invoice", "transaction", "quote", "creditcard")


def _measure(bench: Bench) -> None:
    state = requests.get(f"{bench.place.chargeover}/_admin/state", timeout=60).json()
    print({name: state[name] for name in _told})
    _timed("first load", bench.run)
    bench.pass_time(11 * _minute)
    bench.run()
    _rest(bench)
    for signal, (deed, wait) in DEEDS.items():
        _notice(bench, signal, deed, wait)


def _rest(bench: Bench) -> None:
    before = bench.counts()
    found = bench.tick()
    look = bench.counts() - before
    assert not found, f"not at rest: {found}"
    bench.pass_time(11 * _minute)
    walk = _timed("at rest, a run that walks over the watched lists", bench.run)
    sweep = _timed("all records at once, as a day of sweeps reads them", lambda: bench.run(whole=True))["everything"]
    hour = look * _looks_an_hour + walk.total() * _walks_an_hour + sweep / 24
    looks, walks = f"{look} x {_looks_an_hour} looks", f"{walk.total()} x {_walks_an_hour} walks"
    print(f"at rest, calls an hour: {hour:.0f} = {looks} + {walks} + {sweep} a day for sweeps", flush=True)


def _notice(bench: Bench, signal: str, deed: Callable[[Bench], None], wait: int) -> None:
    bench.pass_time(3 * _minute)
    bench.run()
    deed(bench)
    bench.pass_time(wait)
    before, started = bench.counts(), time.perf_counter()
    found = bench.tick()
    looked, counts = time.perf_counter() - started, bench.counts() - before
    calls = bench.run()
    ran = time.perf_counter() - started - looked
    print(f"{signal}, {wait} s later: a look ({counts} calls, {looked:.1f} s) finds {', '.join(sorted(found))}; "
          f"the run takes {ran:.1f} s and {calls.total()} calls {dict(calls)}", flush=True)  # fmt: skip


def _timed(what: str, run: Callable[[], Counter[str]]) -> Counter[str]:
    started = time.perf_counter()
    calls = run()
    print(f"{what}: {time.perf_counter() - started:.1f} s, {calls.total()} calls {dict(calls)}", flush=True)
    return calls


def _edit(bench: Bench) -> None:
    bench.call("PUT", "customer/1", {"company": "Renamed"})


def _pay(bench: Bench) -> None:
    invoice = bench.open_invoice()
    applied = [{"invoice_id": invoice["invoice_id"]}]
    payment = {"customer_id": invoice["customer_id"], "amount": invoice["balance"], "transaction_type": "pay"}
    bench.call("POST", "transaction", payment | {"gateway_status": 1, "applied_to": applied})


def _void(bench: Bench) -> None:
    bench.call("POST", f"invoice/{bench.open_invoice()['invoice_id']}?action=void")


def _hint(bench: Bench) -> None:
    bench.call("PUT", "item/1", {"description": "As announced"})
    bench.ledger.note("item", [1], "webhook", datetime.now(UTC))


def _vanish(bench: Bench) -> None:
    card = bench.call("GET", "creditcard?limit=1")[0]["creditcard_id"]
    bench.call("DELETE", f"creditcard/{card}")


DEEDS = {
    "cursor": (_edit, 5),
    "touched": (_pay, 5),
    "webhook": (_hint, 5),
    "watch": (_void, 10 * _minute),
    "delete": (_vanish, 10 * _minute),
}

if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:])) if len(sys.argv) == 3 else main(2000, 6)
