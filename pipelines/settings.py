"""What a person sets in the environment (or a ``.env`` file): two addresses, credentials, and where things lie."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
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
    check_settings(kind)
    return kind()


def check_settings(*kinds: type[BaseSettings]) -> None:
    """Raise FixAccess that names all variables of these kinds which are missing or wrong, in one sentence."""
    missing: list[tuple[str, str]] = []
    wrong: list[tuple[str, str]] = []
    for kind in kinds:
        for name, error in _errors(kind):
            (missing if error["type"] == "missing" else wrong).append((name, error["msg"]))
    said = [f"{name} is wrong: {message}" for name, message in wrong]
    if missing:
        names = ", ".join(name for name, _ in missing)
        said.insert(0, f"not set: {names}; set them or write them into .env (see README, Connect)")
    if said:
        raise FixAccess(f"environment: {'; '.join(said)}")


def _errors(kind: type[BaseSettings]) -> Iterator[tuple[str, ErrorDetails]]:
    try:
        kind()
    except ValidationError as wrong:
        prefix = kind.model_config.get("env_prefix") or ""
        yield from ((f"{prefix}{error['loc'][0]}".upper(), error) for error in wrong.errors())
