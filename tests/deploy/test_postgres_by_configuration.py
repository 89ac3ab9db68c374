"""PostgreSQL takes the place of SQLite by configuration alone: for Dagster's history, and for our ledger."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import definitions
from pipelines.ledger.ledger import open_ledger
from pipelines.orchestration.launch import Asked, run_sync

deploy = Path(__file__).parents[2] / "deploy"

pytestmark = pytest.mark.slow


def test_a_sync_stands_in_both_on_one_database(world, postgres_database, monkeypatch):
    shutil.copy(deploy / "dagster.yaml", world.home / "dagster.yaml")
    monkeypatch.setenv("DAGSTER_POSTGRES_URL", postgres_database)
    monkeypatch.setenv("CO2SF_LEDGER", postgres_database)
    (world.home / "ledger.db").unlink()

    finished = run_sync(definitions().resolve_job_def("sync"), Asked())

    assert finished.failures == []
    assert finished.by_sobject["Account"]["created"] == len(world.rows("Account"))
    with dg.DagsterInstance.get() as instance:
        assert instance.get_run_by_id(finished.run_id).is_success
    with open_ledger(postgres_database) as ledger:
        assert ledger.counts("Account") == len(world.rows("Account"))
    assert not list(world.home.glob("**/*.db"))
