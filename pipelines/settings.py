"""What a person sets in the environment (or a ``.env`` file): two addresses, credentials, and where things lie."""

from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.errors import FixAccess

_env_file = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)


class ChargeOverSettings(BaseSettings):
    """How to reach ChargeOver: ``CHARGEOVER_URL``, ``CHARGEOVER_PUBLIC_KEY`` and the others."""

    model_config = _env_file | SettingsConfigDict(env_prefix="CHARGEOVER_")
    url: AnyHttpUrl
    public_key: str
    private_key: SecretStr
    zone: ZoneInfo = ZoneInfo("America/Chicago")
    overlap_seconds: int = Field(default=120, ge=1)


class SalesforceSettings(BaseSettings):
    """How to reach Salesforce; a client secret means client credentials, a user and a private key mean JWT bearer."""

    model_config = _env_file | SettingsConfigDict(env_prefix="SALESFORCE_")
    url: AnyHttpUrl
    client_id: str
    client_secret: SecretStr | None = None
    username: str | None = None
    private_key_file: Path | None = None
    audience: str = "https://login.salesforce.com"
    api_version: str = Field(default="67.0", pattern=r"^\d\d\.0$")


class ProjectSettings(BaseSettings):
    """Where the mappings, the ledger and the staged parts lie: ``CO2SF_MAPPINGS``, ``CO2SF_LEDGER``, ``CO2SF_STAGING``;
    by default beside Dagster's own storage (``DAGSTER_HOME``)."""

    model_config = _env_file
    home: Path = Field(default=Path("dagster_home"), validation_alias="DAGSTER_HOME")
    mappings: Path = Field(default=Path("mappings"), validation_alias="CO2SF_MAPPINGS")
    ledger: str = Field(default="", validation_alias="CO2SF_LEDGER")
    staging: str = Field(default="", validation_alias="CO2SF_STAGING")

    @property
    def ledger_url(self) -> str:
        """The ledger's database address: a SQLite file below the home folder unless ``CO2SF_LEDGER`` says otherwise."""
        return self.ledger or f"sqlite:///{self.home.resolve() / 'ledger.db'}"

    @property
    def staging_url(self) -> str:
        """The folder (or object store address) of the staged parts."""
        return self.staging or str(self.home.resolve() / "staging")


Chosen = TypeVar("Chosen", bound=BaseSettings)


def read_settings(kind: type[Chosen]) -> Chosen:
    """The settings of one kind; raises FixAccess that names every variable which is missing or wrong."""
    try:
        return kind()
    except ValidationError as wrong:
        raise FixAccess("; ".join(_explain(kind, error) for error in wrong.errors())) from None


def _explain(kind: type[BaseSettings], error: object) -> str:
    assert isinstance(error, dict)
    name = f"{kind.model_config.get('env_prefix') or ''}{error['loc'][0]}".upper()
    if error["type"] == "missing":
        return f"environment: {name} is not set; set it or write it into .env (see README, Connect)"
    return f"environment: {name} is wrong: {error['msg']}"
