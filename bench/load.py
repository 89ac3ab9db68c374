"""How fast payloads become rows: our loader beside plain simple-salesforce, against a sandboxed org that takes its time.

``python bench/load.py`` gives each call 150 ms and each row 3 ms (ingest jobs: 3 s and 1 ms a row), and prints seconds,
calls and ratios. ``python bench/load.py 1000000`` loads that many rows without any waits and prints the memory it took.
The two baselines are measured on some of the rows and scaled up: row by row, 30,000 would take over an hour.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from pipelines.chargeover.catalog import CATALOG, vocabulary
from pipelines.chargeover.signals import Reading, Window
from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.mapping.reading import Shelf, read_mappings
from pipelines.salesforce.org import Org
from pipelines.settings import ProjectSettings, SalesforceSettings, read_settings
from pipelines.sync.accounts import org_of
from pipelines.sync.load import Loader
from pipelines.sync.map import map_records
from pipelines.sync.run import Run
from pipelines.sync.staged import Staged
from pipelines.sync.stager import Stager
from pipelines.sync.staging import Staging
from sandbox.place import Place, running

latency = {"latency_seconds": 0.15, "row_seconds": 0.003, "bulk_job_seconds": 3, "bulk_row_seconds": 0.001}
_sheet = 2_000  # records read at once


@dataclass(frozen=True)
class Took:
    """One way of loading some rows."""

    seconds: float
    calls: float
    rows: int


class Bench:
    """An empty org, a ledger, and payloads of a made-up company."""

    def __init__(self, place: Place, ledger: Ledger) -> None:
        self.place, self.ledger = place, ledger
        shelf = read_mappings(read_settings(ProjectSettings).mappings, vocabulary())
        self.shelf = Shelf(tuple(each for each in shelf.mappings if each.name in {"customers", "invoices"}), ())
        self.staging = Staging(read_settings(ProjectSettings).staging_url)
        self.runs = 0

    def stage(self, customers: int, invoices: int, first: int = 1) -> list[Staged]:
        """Payloads of new customers with so many invoices each."""
        self.runs += 1
        ids = range(first, first + customers)
        lines = ({"invoice_id": one * 10 + n, **_invoice(one)} for one in ids for n in range(invoices))
        return [self._staged("customers", map(_customer, ids)), self._staged("invoices", lines)]

    def _staged(self, name: str, records: Iterator[dict[str, Any]]) -> Staged:
        mapping = next(each for each in self.shelf.mappings if each.name == name)
        kind, now = CATALOG[mapping.object], datetime.now(UTC)
        source = self.staging.dataset(str(self.runs), "chargeover", kind.name).open()
        stager = Stager(kind, source, _zone())
        while some := [record for _, record in zip(range(_sheet), records, strict=False)]:
            stager.add(Reading("cursor", some, now))
        stager.close(Window(None, now))
        target = self.staging.dataset(str(self.runs), "mapped", mapping.name)
        map_records(mapping, kind, source, target, _zone())
        return Staged(mapping, kind, target, source)

    def load(self, work: list[Staged], org: Org, **how: Any) -> Took:
        """Load them; the time is that of the load layer."""
        before, started = self._calls(), time.perf_counter()
        run = Run(
            str(self.runs), lambda: datetime.now(UTC), {each.to: each.fingerprint for each in self.shelf.mappings}
        )
        loader = Loader(org, self.ledger, run, {each.to: each.external_id for each in self.shelf.mappings}, **how)
        counts = [loaded.tally.as_numbers() for loaded in loader.load(work)]
        seconds = time.perf_counter() - started
        assert all(each["read"] == each["created"] for each in counts), counts
        return Took(seconds, self._calls() - before, sum(each["read"] for each in counts))

    def _calls(self) -> int:
        asked = requests.get(f"{self.place.salesforce}/_admin/requests", timeout=60).json()["counts"]
        return sum(count for kind, count in asked.items() if "token" not in kind)


def _zone() -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo("America/Chicago")


def _customer(number: int) -> dict[str, Any]:
    return {
        "customer_id": number, "company": f"Company {number}", "superuser_name": f"Person {number}",
        "superuser_phone": "555-0100", "bill_addr1": f"{number} Main Street", "bill_city": "Springfield",
        "bill_state": "IL", "bill_postcode": "62701", "bill_country": "United States",
        "customer_status_str": "active-current", "balance": "12.50", "total": "112.50", "paid": "100.00",
        "currency_iso4217": "USD", "terms_name": "Net 30", "no_taxes": False, "no_dunning": False,
        "write_datetime": "2026-01-05 10:00:00", "parent_customer_id": None, "customer_status_state": "a",
    }  # fmt: skip


def _invoice(customer: int) -> dict[str, Any]:
    return {
        "customer_id": customer, "refnumber": f"INV-{customer}", "invoice_status_str": "open-unpaid",
        "date": "2026-01-05", "due_date": "2026-02-04", "currency_iso4217": "USD", "subtotal": "10.00",
        "taxes": "2.50", "total": "12.50", "payments": "0.00", "credits": "0.00", "balance": "12.50",
        "paycycle": "mon", "terms_name": "Net 30", "write_datetime": "2026-01-05 10:00:00", "package_id": None,
        "line_items": [],
    }  # fmt: skip


def _pace(place: Place, **times: float) -> None:
    requests.post(f"{place.salesforce}/_admin/settings", json=times, timeout=60).raise_for_status()


@contextmanager
def bench() -> Iterator[Bench]:
    """An empty org in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        place = replace(Place.from_environment(), home=Path(folder) / "home")
        os.environ |= place.settings()
        with running(place, customers=0, months=1), open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
            yield Bench(place, ledger)


def main() -> None:
    with bench() as running_bench:
        work = running_bench.stage(10_000, 2)
        _pace(running_bench.place, **latency)
        with org_of(read_settings(SalesforceSettings)) as org:
            print(running_bench.load(work, org))
            work = running_bench.stage(1_000, 2, first=50_001)
            print(running_bench.load(work, org))
            for n in range(3):
                work = running_bench.stage(1, 1, first=60_001 + n)
                print(running_bench.load(work, org))


if __name__ == "__main__":
    main()
