"""Dagster in this process on a storage of its own, and a folder of mappings that a test may edit."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from pipelines.ledger.ledger import open_ledger
from pipelines.settings import ProjectSettings, read_settings

root = Path(__file__).parent.parent.parent
chosen = (
    "bank_accounts",
    "credit_cards",
    "quotes",
    "customers",
    "products",
    "subscriptions",
    "subscription_lines",
    "invoices",
    "invoice_lines",
)


@dataclass
class Desk:
    """A folder of mapping files, and Dagster over it."""

    folder: Path
    instance: dg.DagsterInstance

    def definitions(self) -> dg.Definitions:
        from pipelines.definitions import definitions

        return definitions()

    def keep(self, *names: str) -> None:
        """Just these of the shipped mapping files."""
        for path in self.folder.glob("*.yaml"):
            path.unlink()
        for name in names:
            shutil.copy(root / "mappings" / f"{name}.yaml", self.folder)

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a mapping file; the place must be there once."""
        path = self.folder / f"{name}.yaml"
        text = path.read_text()
        assert text.count(old) == 1, (name, old)
        path.write_text(text.replace(old, new))

    def spec(self, key: str) -> dg.AssetSpec:
        return next(each for each in self.definitions().resolve_all_asset_specs() if each.key.to_user_string() == key)

    def assets(self) -> set[str]:
        return {each.key.to_user_string() for each in self.definitions().resolve_all_asset_specs()}

    def run(self, *keys, job="sync", definitions=None, config=None):
        """Run a job, or some of its assets, to the end; a failure is in the result."""
        job = (definitions or self.definitions()).resolve_job_def(job)
        selection = [dg.AssetKey.from_user_string(key) for key in keys] or None
        return job.execute_in_process(
            instance=self.instance, asset_selection=selection, raise_on_error=False, run_config=config
        )


@pytest.fixture
def desk(tmp_path, monkeypatch):
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("CO2SF_MAPPINGS", str(folder))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as instance:
        desk = Desk(folder, instance)
        desk.keep(*chosen)
        yield desk


@pytest.fixture
def live(world, desk, monkeypatch):
    """The desk with both vendors behind it."""
    monkeypatch.setenv("CO2SF_MAPPINGS", str(desk.folder))
    return desk


@pytest.fixture
def ledger(live):
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        yield ledger
