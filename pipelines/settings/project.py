"""Where the mappings, the ledger and the staged parts lie."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings

from pipelines.settings.source import WRITTEN
from pipelines.store.choice import store_of
from pipelines.store.store import Store


class ProjectSettings(BaseSettings):
    """Where the mappings, the ledger and the staged parts lie: ``CO2SF_MAPPINGS``, ``CO2SF_LEDGER``, ``CO2SF_STAGING``;
    by default beside Dagster's own storage (``DAGSTER_HOME``)."""

    model_config = WRITTEN
    home: Path = Field(default=Path("dagster_home"), validation_alias="DAGSTER_HOME")
    """Dagster's folder; the ledger and the staged parts lie there unless something else is said."""
    mappings: Path = Field(default=Path("mappings"), validation_alias="CO2SF_MAPPINGS")
    """The folder of the mapping files."""
    ledger: str = Field(default="", validation_alias="CO2SF_LEDGER")
    """``sqlite:///path/ledger.db`` or ``postgresql+psycopg2://user:password@host/database``; if not set, a file
    ``ledger.db`` in Dagster's folder."""
    connections: str = Field(default="file", validation_alias="CO2SF_CONNECTIONS")
    """Where ``co2sf connect`` keeps secrets: ``file`` (``connections.json`` in Dagster's folder, for its owner only),
    the path of such a file, ``keyring`` (or ``keyring:NAME``), or ``environment`` for nowhere."""
    staging: str = Field(default="", validation_alias="CO2SF_STAGING")
    """A folder or an object store address, where the layers of a run hand parts to each other; if not set, a folder
    ``staging`` in Dagster's folder."""
    owed_too_long_hours: int = Field(default=24, ge=1, validation_alias="CO2SF_OWED_TOO_LONG_HOURS")
    """How long a row may be owed before the check ``nothing_owed_long`` of its asset warns."""
    freshness_minutes: int = Field(default=15, ge=1, validation_alias="CO2SF_FRESHNESS_MINUTES")
    """How long a change that ChargeOver shows may wait for Salesforce before the check ``fresh`` of its asset warns; it
    fails after four times as long."""
    inbox_too_old_minutes: int = Field(default=15, ge=1, validation_alias="CO2SF_INBOX_TOO_OLD_MINUTES")
    """How long a hint may wait for a run before ``/health`` of the webhook receiver answers degraded."""

    drift_sample_rows: int = Field(default=1_000, ge=1, validation_alias="CO2SF_DRIFT_SAMPLE_ROWS")
    """How many rows of each sObject the check ``not_drifted`` looks at in one day: 30,000 are gone through in 30."""
    drift_by_job_from_rows: int = Field(default=10_000, ge=1, validation_alias="CO2SF_DRIFT_BY_JOB_FROM_ROWS")
    """From so many rows of one sObject on ``co2sf drift --whole`` reads them by a query job (Bulk API 2.0)."""

    code_url: str = Field(default="", validation_alias="CO2SF_CODE_URL")
    """Where this project's files can be read on the web, such as ``https://git.example.com/us/co2sf/blob/main``: the
    pages of assets then link to their mapping there."""

    @property
    def ledger_url(self) -> str:
        """The ledger's database address: a SQLite file below the home folder unless ``CO2SF_LEDGER`` says otherwise."""
        return self.ledger or f"sqlite:///{self.home.resolve() / 'ledger.db'}"

    @property
    def store(self) -> Store:
        """Where the secrets of the connections are kept."""
        return store_of(self.connections, self.home.resolve())

    @property
    def staging_url(self) -> str:
        """The folder (or object store address) of the staged parts."""
        return self.staging or str(self.home.resolve() / "staging")
