"""A ledger for each test, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.ledger import Ledger, Outcome, Verdict, open_ledger


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/home/ledger.db"
    return str(request.getfixturevalue("postgres_database"))


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
