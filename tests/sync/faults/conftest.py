"""A company of 60 customers, read and mapped once; each test loads it into an empty org while something goes wrong."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from case import Case, Prologue

import sandbox.chargeover
import sandbox.salesforce
from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.salesforce.login import ClientCredentials
from pipelines.salesforce.org import Org
from pipelines.salesforce.session import Patience
from sandbox.chargeover.generator import generate
from sandbox.serving import serve

WAYS = ("REST", "Bulk")

ROOT = Path(__file__).parents[3]
MAPPINGS, SCHEMA = ROOT / "mappings", ROOT / "schema" / "force-app" / "main" / "default"
yesterday = datetime.now(UTC) - timedelta(days=1)
noon = yesterday.replace(hour=18, minute=0, second=0, microsecond=0)  # in Chicago, so that no day turns meanwhile


class Stage:
    """One server for all tests, on which each puts an org of its own."""

    async def __call__(self, scope, receive, send) -> None:
        """Passes the call on."""
        await self.app(scope, receive, send)

    def set(self) -> sandbox.salesforce.Org:
        """An empty org."""
        org = sandbox.salesforce.Org.from_metadata(SCHEMA)
        self.app = sandbox.salesforce.app(org, admin=True)
        return org


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    stage = Stage()
    with serve(stage) as running:
        stage.url = running.url
        yield stage


@pytest.fixture(scope="session")
def company() -> Iterator[str]:
    """The address of the company."""
    made = generate(60, 4, seed=7, until=noon)
    with serve(sandbox.chargeover.app(made, admin=True)) as running:
        yield running.url


@pytest.fixture(scope="session")
def mappings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Customers with their invoices, subscriptions and payments."""
    folder = tmp_path_factory.mktemp("mappings")
    for file in MAPPINGS.glob("*.yaml"):
        if file.stem not in {"contacts", "quotes", "quote_lines"}:
            shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="session")
def prologue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prologue]:
    folder = tmp_path_factory.mktemp("prologue")
    with open_ledger(f"sqlite:///{folder}/ledger.db") as ledger:
        yield Prologue(ledger, folder)


@pytest.fixture
def vendors(company: str, stage: Stage) -> tuple[str, str]:
    return company, stage.url


@pytest.fixture
def world(world, mappings: Path, monkeypatch: pytest.MonkeyPatch):
    world.chargeover("clock", {"now": noon.isoformat()})
    monkeypatch.setenv("CO2SF_MAPPINGS", str(mappings))
    return replace(world, mappings=mappings)


@pytest.fixture
def ledger(prologue: Prologue) -> Ledger:
    """One for all tests, since to open one takes longer than to put it back to where it was."""
    prologue.put_back()
    return prologue.ledger


@pytest.fixture
def sync(sync, stage: Stage, prologue: Prologue):
    """Records and payloads of a first run are staged, and nothing is loaded."""
    sync.later = noon - datetime.now(UTC)
    if not prologue.work:
        prologue.play(sync, stage.set())
    sync.runs = 1
    return sync


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def answer_within() -> float:
    """The seconds in which Salesforce must answer: many, since this machine may be busy."""
    return 60


@pytest.fixture
def case(way, world, sync, stage, prologue, answer_within) -> Iterator[Case]:
    """An empty org, and a loader that hardly waits."""
    if way not in WAYS:
        pytest.skip(f"the loader does not write by {way}")
    org, waits = stage.set(), []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        time.sleep(min(seconds, 0.005))  # leaves the org the time to go on with a job

    credentials = ClientCredentials(stage.url, "sandbox-client-id", "sandbox-client-secret")
    with Org(credentials, timeout_seconds=(5, answer_within), patience=Patience(sleep=sleep)) as client:
        sync.org = lambda: client
        if way == "Bulk":
            sync.bulk_from = 30  # eight of the ten mappings have more rows
        yield Case(way, world, sync, org, prologue, waits)
