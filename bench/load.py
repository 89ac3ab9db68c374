"""How fast payloads become rows: our loader beside plain simple-salesforce, in a sandboxed org that takes its time.

``python bench/load.py`` gives each call 150 ms and each row 3 ms (ingest jobs: 3 s each and 1 ms a row) and prints
seconds, calls and ratios. ``python bench/load.py 1000000`` loads that many rows without waits and prints how much
memory the process has come to need meanwhile.

The baselines are measured on some of the rows and scaled up: row by row, all of them would take an hour.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests
from more_itertools import chunked
from simple_salesforce.api import Salesforce

from pipelines.chargeover.catalog import CATALOG, vocabulary
from pipelines.chargeover.signals import Reading, Window
from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.mapping.reading import read_mappings
from pipelines.salesforce.login import ClientCredentials, log_in
from pipelines.salesforce.org import Org
from pipelines.salesforce.session import Session
from pipelines.settings import ProjectSettings, SalesforceSettings, read_settings
from pipelines.sync.accounts import org_of
from pipelines.sync.load import Loader
from pipelines.sync.map import map_records
from pipelines.sync.run import Run
from pipelines.sync.staged import Staged
from pipelines.sync.stager import Stager
from pipelines.sync.staging import Staging
from sandbox.place import Place, running

_times = {"latency_seconds": 0.15, "row_seconds": 0.003, "bulk_job_seconds": 3, "bulk_row_seconds": 0.001}
_zone = ZoneInfo("America/Chicago")
_read_at_once = 500
_customers, _invoices = 10_000, 2


@dataclass(frozen=True)
class Took:
    """What one way of loading took."""

    rows: int
    seconds: float
    calls: float


class Bench:
    """An empty org, a ledger, and payloads of a made-up company."""

    def __init__(self, place: Place, ledger: Ledger) -> None:
        self._place, self._ledger = place, ledger
        mappings = read_mappings(read_settings(ProjectSettings).mappings, vocabulary()).mappings
        self.keys = {each.to: each.external_id for each in mappings}
        self._mappings = {each.name: each for each in mappings}
        self._staging = Staging(read_settings(ProjectSettings).staging_url)
        self._runs = 0
        self._last = 0

    def pace(self, **times: float) -> None:
        """How long the org takes from now on."""
        requests.post(f"{self._place.salesforce}/_admin/settings", json=times, timeout=60).raise_for_status()

    def stage(self, customers: int, invoices: int = _invoices) -> list[Staged]:
        """Payloads of new customers with so many invoices each."""
        self._runs += 1
        ids = range(self._last + 1, self._last + customers + 1)
        self._last += customers
        bills = (_invoice(one, one * 10 + number) for one in ids for number in range(invoices))
        return [self._staged("customers", map(_customer, ids)), self._staged("invoices", bills)]

    def load(self, work: list[Staged], org: Org, **how: Any) -> Took:  # noqa: ANN401
        """Load them; the time is that of the load layer."""
        calls, started = self._calls(), time.perf_counter()
        run = Run(str(self._runs), lambda: datetime.now(UTC), {})
        counts = [each.tally.as_numbers() for each in Loader(org, self._ledger, run, self.keys, **how).load(work)]
        seconds = time.perf_counter() - started
        assert all(each["read"] == each["created"] for each in counts), counts
        return Took(sum(each["read"] for each in counts), seconds, self._calls() - calls)

    def plain(self, rows: int, send: Callable[[Salesforce, list[tuple[str, str]]], None], at_once: int) -> Took:
        """The same rows by simple-salesforce, so many in a call, one call after the other; scaled up from some."""
        work, client = self.stage(at_once * 10, 1), self._client()
        texts = [(each.mapping.to, row.text(self.keys)) for each in work for row in each.rows(0)]
        calls, started, some = self._calls(), time.perf_counter(), texts[: at_once * 10]
        for few in chunked(some, at_once):
            send(client, few)
        scale = rows / len(some)
        return Took(rows, (time.perf_counter() - started) * scale, (self._calls() - calls) * scale)

    def _client(self) -> Salesforce:
        settings = read_settings(SalesforceSettings)
        session = Session()
        secret = settings.client_secret.get_secret_value() if settings.client_secret else ""
        token = log_in(ClientCredentials(str(settings.url), settings.client_id, secret), session)
        session.reach_plainly(token.instance_url)
        return Salesforce(
            session_id=token.access_token,
            instance_url=token.instance_url,
            version=settings.api_version,
            session=session,
        )

    def _staged(self, name: str, records: Iterator[dict[str, Any]]) -> Staged:
        mapping = self._mappings[name]
        kind, now = CATALOG[mapping.object], datetime.now(UTC)
        source = self._staging.dataset(str(self._runs), "chargeover", kind.name).open()
        stager = Stager(kind, source, _zone)
        for some in chunked(records, _read_at_once):
            stager.add(Reading("cursor", some, now))
        stager.close(Window(None, now))
        target = self._staging.dataset(str(self._runs), "mapped", mapping.name)
        map_records(mapping, kind, source, target, _zone)
        return Staged(mapping, kind, target, source)

    def _calls(self) -> int:
        asked = requests.get(f"{self._place.salesforce}/_admin/requests", timeout=60).json()["counts"]
        return sum(count for kind, count in asked.items() if "token" not in kind)


def _customer(number: int) -> dict[str, Any]:
    return {
        "customer_id": number, "company": f"Company {number}", "superuser_name": f"Person {number}",
        "superuser_phone": "555-0100", "bill_addr1": f"{number} Main Street", "bill_city": "Springfield",
        "bill_state": "IL", "bill_postcode": "62701", "bill_country": "United States",
        "customer_status_str": "active-current", "balance": "12.50", "total": "112.50", "paid": "100.00",
        "currency_iso4217": "USD", "terms_name": "Net 30", "no_taxes": False, "no_dunning": False,
        "write_datetime": "2026-01-05 10:00:00", "parent_customer_id": None,
    }  # fmt: skip


def _invoice(customer: int, number: int) -> dict[str, Any]:
    return {
        "invoice_id": number, "customer_id": customer, "refnumber": f"INV-{number}", "date": "2026-01-05",
        "invoice_status_str": "open-unpaid", "due_date": "2026-02-04", "currency_iso4217": "USD", "subtotal": "10.00",
        "taxes": "2.50", "total": "12.50", "payments": "0.00", "credits": "0.00", "balance": "12.50",
        "paycycle": "mon", "terms_name": "Net 30", "write_datetime": "2026-01-05 10:00:00", "package_id": None,
        "line_items": [],
    }  # fmt: skip


def _row_by_row(client: Salesforce, rows: list[tuple[str, str]]) -> None:
    for sobject, text in rows:
        row = json.loads(text)
        key = f"ChargeOver_Id__c/{row.pop('ChargeOver_Id__c')}"
        getattr(client, sobject).upsert(key, {name: value for name, value in row.items() if value is not None})


def _by_collections(client: Salesforce, rows: list[tuple[str, str]]) -> None:
    sobject = rows[0][0]
    records = [{"attributes": {"type": sobject}, **json.loads(text)} for _, text in rows]
    body = json.dumps({"allOrNone": False, "records": records})
    client.restful(f"composite/sobjects/{sobject}/ChargeOver_Id__c", method="PATCH", data=body)


@contextmanager
def opened() -> Iterator[Bench]:
    """An empty org in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        place = replace(Place.from_environment(), home=Path(folder) / "home")
        os.environ |= place.settings() | {"SALESFORCE_CALLS_SHARE_PERCENT": "100"}
        with running(place, customers=0, months=1), open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
            yield Bench(place, ledger)


def compare() -> None:
    """Print what each way takes, and how many times as long as ours."""
    with opened() as bench, org_of(read_settings(SalesforceSettings)) as org:
        bench.pace(**_times)
        rows = _customers * (1 + _invoices)
        requests_took = bench.load(bench.stage(_customers), org, bulk_from=rows)
        print(f"{'':48}{'rows':>8}{'seconds':>9}{'rows/s':>8}{'calls/1000 rows':>17}{'times ours':>12}")
        _print("requests, 8 writers", requests_took, requests_took)
        _print("files (Bulk API 2.0)", bench.load(bench.stage(_customers), org, bulk_from=1_000), requests_took)
        _print("simple-salesforce, 200 in a call", bench.plain(rows, _by_collections, 200), requests_took)
        _print("simple-salesforce, row by row", bench.plain(rows, _row_by_row, 10), requests_took)
        fewer = bench.load(bench.stage(_customers // 10), org)
        _print("requests, 8 writers", fewer, fewer)
        _print("simple-salesforce, 200 in a call", bench.plain(fewer.rows, _by_collections, 200), fewer)
        one = [bench.load(bench.stage(1, 1), org) for _ in range(5)]
        _print(
            "one account with one invoice, warm (median of 5)", sorted(one, key=lambda each: each.seconds)[2], one[0]
        )


def _print(name: str, took: Took, ours: Took) -> None:
    ratio = took.seconds / took.rows / (ours.seconds / ours.rows)
    speed = f"{took.seconds:>9.2f}{took.rows / took.seconds:>8.0f}{1000 * took.calls / took.rows:>17.2f}"
    print(f"{name:48}{took.rows:>8}{speed}{ratio:>12.1f}", flush=True)


def grow(rows: int) -> None:
    """Load so many rows without waits, and print the peak of memory at each tenth."""
    loaded = 0

    def progress(_: object, some: int) -> None:
        nonlocal loaded
        before, loaded = loaded, loaded + some
        if loaded * 10 // rows > before * 10 // rows:
            print(f"{loaded:>10} rows: peak {_peak_mb():.0f} MB", flush=True)

    with opened() as bench, org_of(read_settings(SalesforceSettings)) as org:
        work = bench.stage(rows // (1 + _invoices))
        print(f"{'staged':>15}: peak {_peak_mb():.0f} MB", flush=True)
        took = bench.load(work, org, bulk_from=10 * rows, progress=progress)
        print(f"{took.rows} rows in {took.seconds:.0f} s, {1000 * took.calls / took.rows:.2f} calls per 1,000 rows")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    grow(int(sys.argv[1])) if len(sys.argv) > 1 else compare()
