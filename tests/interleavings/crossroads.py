"""Where runs meet: a small company whose records bear numbered versions, an org, and the ledger between them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import connect
from typing import Any

from archive import Archive
from life import Life
from memory import Memory
from places import Place
from runs import Runs
from sqlalchemy import create_engine, make_url
from starlette.types import ASGIApp, Receive, Scope, Send

import sandbox.chargeover
from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.mapping.reading import Shelf
from pipelines.salesforce.login import ClientCredentials
from pipelines.salesforce.org import Org
from pipelines.settings import ChargeOverSettings
from pipelines.sync.staged import Staged
from sandbox.chargeover.generator import generate
from sandbox.serving import serve

Key = tuple[str, str]
mappings = {
    "customers": """
from: customer
to: Account
external_id: ChargeOver_Id__c
fields: {ChargeOver_Id__c: customer_id, Name: company}
""",
    "invoices": """
from: invoice
to: ChargeOver_Invoice__c
external_id: ChargeOver_Id__c
fields: {ChargeOver_Id__c: invoice_id, Memo__c: memo}
lookups: {Account__c: {from: customer_id, to: Account}}
""",
}
_versioned = {"Account": "Name", "ChargeOver_Invoice__c": "Memo__c"}
_lanes = ("first live run", "second live run", "backfill")


class Door:
    """An ASGI app before another one, which can be exchanged."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.app(scope, receive, send)
            return
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        await send({"type": "lifespan.shutdown.complete"})


class RealTime:
    """The time of this machine."""

    def now(self) -> datetime:
        """An aware UTC instant."""
        return datetime.now(UTC)


@dataclass
class World:
    """One company, its org empty at first, and three runs that each have a connection of their own to one ledger."""

    life: Life
    place: Place
    ledger: Ledger
    known: Callable[[str], Iterable[Any]]
    """Rows of the ledger, by SQL."""
    runs: dict[str, Runs]
    latest: dict[Key, int] = field(default_factory=dict)
    """The version that ChargeOver has of each record."""
    sent: dict[Key, dict[str, int]] = field(default_factory=dict)
    """The versions that runs wanted to send, by fingerprint."""
    read: dict[Key, int] = field(default_factory=dict)
    """The newest version that a run has certainly read: it asked for it after it was written."""
    written_at: list[datetime] = field(default_factory=list)
    """When each version was written."""

    def write(self, kind: str, record_id: int | None, **fields: Any) -> int:
        """A new version of a record, or a new record; its id."""
        self.written_at.append(datetime.now(UTC))
        sobject, name = ("Account", "company") if kind == "customer" else ("ChargeOver_Invoice__c", "memo")
        fields[name] = f"version {len(self.written_at)}"
        if record_id is None:
            record_id = self.life.create(kind, **fields)
        else:
            self.life.call("PUT", f"{kind}/{record_id}", fields)
        assert record_id is not None
        self.latest[sobject, str(record_id)] = len(self.written_at)
        return record_id

    def bill(self, customer_id: int) -> int:
        """A new invoice."""
        line = {"item_id": 1, "line_rate": 80, "line_quantity": 1}
        return self.write("invoice", None, customer_id=customer_id, line_items=[line])

    def run(self, name: str, **extent: bool) -> None:
        """A whole run, by the one that has this name."""
        runs = self.runs[name]
        work = runs.extract(**extent)
        self._note(work)
        runs.load(work)

    def _note(self, work: Sequence[Staged]) -> None:
        for staged in work:
            for row in (row for part in staged.payloads.parts() for row in staged.rows(part)):
                key, version = (staged.mapping.to, row.external_id), _version_in(row.payload)
                self.sent.setdefault(key, {})[row.fingerprint] = version
                if row.observed_at > self.written_at[version - 1]:
                    self.read[key] = max(version, self.read.get(key, 0))

    def landed(self) -> dict[Key, int]:
        """The versions that Salesforce has."""
        return {
            (name, str(row["ChargeOver_Id__c"])): _version_in(str(row[text]))
            for name, text in _versioned.items()
            for row in self.place.org.tables[name].rows.values()
        }

    def untrue(self) -> list[str]:
        """Rows that the ledger takes for what they are not: a run that reads them would leave them so."""
        landed = self.landed()
        known = self.known("SELECT sobject, external_id, fingerprint FROM ledger_rows WHERE fingerprint != ''")
        return [
            f"{sobject} {key}: Salesforce has version {landed.get((sobject, key))}, the ledger takes it for {version}"
            for sobject, key, fingerprint in known
            if (version := self.sent[sobject, key][fingerprint]) != landed.get((sobject, key))
        ]

    def behind(self, owed: set[Key]) -> list[str]:
        """Rows that are older than what a run has read, though nothing is to be done about them any more."""
        landed = self.landed()
        return [f"{' '.join(key)}: Salesforce has version {landed.get(key, 0)}, version {version} was read"
                for key, version in self.read.items()
                if key not in owed and landed.get(key, 0) < version]  # fmt: skip

    def missed(self) -> list[str]:
        """Rows that are not as ChargeOver has them."""
        landed = self.landed()
        return [f"{' '.join(key)}: Salesforce has version {landed.get(key)}, should be {version}"
                for key, version in self.latest.items() if landed.get(key) != version]  # fmt: skip


class Crossroads:
    """The servers and the org, which stay; each world is made anew."""

    def __init__(self, stack: ExitStack, shelf: Shelf) -> None:
        self._shelf, self._door = shelf, Door()
        self._url = stack.enter_context(serve(self._door)).url
        self._place = stack.enter_context(Place())
        self._orgs = {name: stack.enter_context(self._client()) for name in _lanes}

    def _client(self) -> Org:
        return Org(ClientCredentials(self._place.url, "sandbox-client-id", "sandbox-client-secret"))

    @contextmanager
    def world(self, archive: Archive) -> Iterator[World]:
        """Two customers with an invoice each, all synced."""
        company = generate(0, 1, seed=1, until=datetime.now(UTC))
        self._door.app = sandbox.chargeover.app(company)
        self._place.reset({})
        url = archive.copy(archive.blank)
        with ExitStack() as stack:
            runs = {name: self._runs(stack.enter_context(open_ledger(url)), name) for name in _lanes}
            known = stack.enter_context(_reader(url))
            world = World(Life(company), self._place, stack.enter_context(open_ledger(url)), known, runs)
            for _ in range(2):
                world.bill(world.write("customer", None))
            world.run("backfill")
            yield world

    def _runs(self, ledger: Ledger, name: str) -> Runs:
        settings = ChargeOverSettings(
            _env_file=None, url=self._url, public_key="sandbox-public-key", private_key="sandbox-private-key",
            calls_per_minute=1_000_000,
        )  # fmt: skip
        number = 1_000_000 * _lanes.index(name)
        return Runs(settings, ledger, Memory(), self._shelf, self._orgs[name], RealTime(), Path(), 500, number)


@contextmanager
def _reader(url: str) -> Iterator[Callable[[str], Iterable[Any]]]:
    """Asks a ledger by SQL, past all points: it is asked after each step."""
    if url.startswith("sqlite"):
        with closing(connect(str(make_url(url).database))) as file:
            yield lambda sql: file.execute(sql).fetchall()
        return
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield lambda sql: connection.exec_driver_sql(sql).fetchall()
    engine.dispose()


def _version_in(text: str) -> int:
    found = re.search(r"version (\d+)", text)
    assert found, text
    return int(found[1])
