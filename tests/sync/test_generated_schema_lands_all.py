"""An empty org with the generated schema takes what the recommended one takes, value by value."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

import sandbox.salesforce
from pipelines.cli.main import commands
from pipelines.ledger.ledger import open_ledger
from pipelines.sync.staging import Staging
from sandbox.serving import serve

ITS_OWN = {"Id", "OwnerId", "CreatedDate", "LastModifiedDate", "SystemModstamp"}


@pytest.fixture
def customers():
    return 6


def values(world, sobjects):
    """All rows by ChargeOver id, without what an org makes itself; a lookup is the ChargeOver id that it leads to."""
    rows = {name: world.rows(name) for name in sobjects}
    ids = {row["Id"]: key for found in rows.values() for key, row in found.items()}
    return {
        (name, key): {field: ids.get(value, value) for field, value in row.items() if field not in ITS_OWN}
        for name, found in rows.items()
        for key, row in found.items()
    }


def test_a_full_sync_lands_the_same_values_with_the_generated_schema(world, sync, tmp_path, monkeypatch):
    sobjects = [each.to for each in sync.shelf().mappings]
    counts = sync()
    empty = sandbox.salesforce.Org.from_metadata(None)
    with serve(sandbox.salesforce.app(empty, admin=True)) as served:
        monkeypatch.setenv("SALESFORCE_URL", served.url)
        for words in (["generate", "-o", str(tmp_path)], ["deploy", str(tmp_path), "--yes", "--assign"]):
            told = CliRunner().invoke(commands, ["schema", *words])
            assert told.exit_code == 0, told.output
        other = type(sync)(open_ledger(f"sqlite:///{tmp_path}/other.db"), Staging(str(tmp_path / "other")))

        assert other() == counts

        made = values(replace(world, salesforce_url=served.url), sobjects)
    assert made == values(world, sobjects)
