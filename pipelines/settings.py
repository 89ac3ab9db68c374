"""What a person sets in the environment, in ``.env`` or by ``co2sf connect``: two accounts, and where things lie."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from pipelines.errors import FixAccess
from pipelines.store.choice import store_of
from pipelines.store.filling import Kept, name_of
from pipelines.store.store import Store

_env_file = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, use_attribute_docstrings=True)


class AccountClock(BaseSettings):
    """By which clock the ChargeOver account lives, and since when: what can be known before it is reached."""

    model_config = _env_file | SettingsConfigDict(env_prefix="CHARGEOVER_")
    zone: ZoneInfo = ZoneInfo("America/Chicago")
    """The account's time zone, which counts where a datetime says none."""
    first_month: str = Field(default="2010-01", pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    """The first month of backfills, such as that in which the account began; it also holds what is older."""


class Connected(BaseSettings):
    """Settings of a connection: what neither the environment nor ``.env`` says, ``co2sf connect`` may have kept."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The store comes last."""
        kept = Kept(settings_cls, lambda: read_settings(ProjectSettings).store)
        return init_settings, env_settings, dotenv_settings, file_secret_settings, kept


class ChargeOverSettings(Connected, AccountClock):
    """How to reach ChargeOver: ``CHARGEOVER_URL``, ``CHARGEOVER_PUBLIC_KEY`` and the others."""

    url: AnyHttpUrl
    """The account's address, such as ``https://example.chargeover.com``."""
    public_key: str
    """Of an API key pair: what ChargeOver calls the username."""
    private_key: SecretStr
    """Of the same pair: the password."""
    overlap_seconds: int = Field(default=120, ge=1)
    """How far a window reaches back into the one before it: what appears late is still read."""
    calls_per_minute: int = Field(default=600, ge=1)
    """The budget of all processes together; ChargeOver documents no limit, so this one is politeness."""
    sweep_calls_per_minute: int = Field(default=6, ge=1)
    """How fast a sweep goes through all records."""
    watch_calls_per_minute: int = Field(default=120, ge=1)
    """How fast the watched lists are walked."""
    poll_seconds: int = Field(default=5, ge=1)
    """How long until the cursors are asked again."""
    look_every_seconds: int = Field(default=600, ge=1)
    """How long until a watched list is walked again."""
    sweep_every_hours: int = Field(default=24, ge=1)
    """How long until a sweep of an object begins anew."""
    datetime_format: str = ""
    """How the account writes datetimes, as strptime has it (``%d/%m/%Y %H:%M:%S``); empty for ISO 8601."""
    clock_tolerance_seconds: int = Field(default=120, ge=1)
    """How far ChargeOver's clock may be from this machine's before nothing is read any more."""
    webhook_secret: SecretStr | None = None
    """What ChargeOver sends as X-ChargeOver-Key; without it no webhook is taken."""
    deletes_at_most_percent: int = Field(default=5, ge=0, le=100)
    """The share of an object's records beyond which a sweep that misses them asks a person before they are deleted."""

    @field_validator("webhook_secret", mode="before")
    @classmethod
    def _is_no_blank(cls, written: object) -> object:
        """An empty secret would let everybody in."""
        return written or None

    @field_validator("url")
    @classmethod
    def _bears_no_secret(cls, url: AnyHttpUrl) -> AnyHttpUrl:
        """The address stands in error texts and in the ledger."""
        if url.username or url.password:
            raise ValueError("must hold no user and password; set CHARGEOVER_PUBLIC_KEY and CHARGEOVER_PRIVATE_KEY")
        return url

    @field_validator("datetime_format")
    @classmethod
    def _is_read_back(cls, written: str) -> str:
        """What the format writes it must also read, to the minute."""
        moment = datetime(2026, 11, 22, 21, 43, tzinfo=UTC)
        try:
            read = datetime.strptime(moment.strftime(written), written).replace(tzinfo=UTC) if written else moment
        except ValueError as wrong:
            raise ValueError(f"{written!r} is no format of datetimes ({wrong})") from None
        if read != moment:
            raise ValueError(f"{written!r} does not hold a whole date and time, such as %d/%m/%Y %H:%M:%S")
        return written


_NO_PASSWORDS = (
    "a password is not taken: Salesforce has the username-password flow off in new orgs, and SOAP login is not in its "
    "API from 65.0 on and ends with Summer '27; unset it, and set SALESFORCE_CLIENT_SECRET (client credentials) or "
    "SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY_FILE (JWT bearer)"
)
"""OAuth help pages; SOAP API guide, login(); help article 005132110."""


class SalesforceSettings(Connected):
    """How to reach Salesforce; unless the login is named, a refresh token means the web-server flow, a client secret
    client credentials, a user and a private key JWT bearer."""

    model_config = _env_file | SettingsConfigDict(env_prefix="SALESFORCE_")
    url: AnyHttpUrl
    """Your My Domain address."""
    client_id: str
    """Consumer key of an External Client App or Connected App."""
    login: Literal["web", "jwt", "client_credentials"] | None = None
    """``web`` (a refresh token), ``jwt`` or ``client_credentials``; if not set, what the other settings are for."""
    client_secret: SecretStr | None = None
    """For the client-credentials flow; for the web-server flow if the app demands it."""
    refresh_token: SecretStr | None = None
    """For the web-server flow, of an app that does not rotate it; ``co2sf connect salesforce`` keeps one itself."""
    login_url: AnyHttpUrl | None = None
    """For the web-server flow: where the login was, such as ``https://login.salesforce.com``, if not at the address."""
    username: str | None = None
    """For the JWT bearer flow: the user to log in as."""
    private_key_file: Path | None = None
    """For the JWT bearer flow: a PEM file."""
    audience: str = "https://login.salesforce.com"
    """For the JWT bearer flow; ``https://test.salesforce.com`` for a sandbox."""
    writers: int = Field(default=8, ge=1, le=64)
    """How many requests are under way at once, at most; each writer has customers of its own."""
    bulk_from_rows: int = Field(default=50_000, ge=1)
    """From so many rows of one mapping on they go as files (Bulk API 2.0) instead of requests."""
    partial_updates: bool = True
    """Whether an update sends only the fields that differ from what Salesforce accepted last."""
    calls_share_percent: int = Field(default=50, ge=1, le=100)
    """The share of the org's API calls of any 24 hours that co2sf may make; from four fifths of it on it slows down."""
    calls_reserve_percent: int = Field(default=10, ge=0, le=99)
    """The share of the org's API calls that stays for others: co2sf stops while all apps have used the rest."""
    backfill_share_percent: int = Field(default=50, ge=1, le=100)
    """The share of co2sf's own calls that full syncs and backfills may make, so that live syncs keep the rest."""
    api_version: str = Field(default="67.0", pattern=r"^\d\d\.0$")
    """Of Salesforce's REST API."""
    describe_every_seconds: int = Field(default=300, ge=0)
    """How long until a run asks whether the objects of the org have changed; what stops a mapping is always asked."""
    password: SecretStr | None = None
    """Not taken: logins by password are being retired; an error says what to set instead."""
    security_token: SecretStr | None = None
    """Not taken, as the password that it belongs to."""

    @field_validator("password", "security_token")
    @classmethod
    def _is_not_taken(cls, written: SecretStr | None, about: ValidationInfo) -> SecretStr | None:
        """A blank one is none."""
        if written is not None and written.get_secret_value():
            raise ValueError(_NO_PASSWORDS if about.field_name == "password" else "it belongs to a password; unset it")
        return None


class ProjectSettings(BaseSettings):
    """Where the mappings, the ledger and the staged parts lie: ``CO2SF_MAPPINGS``, ``CO2SF_LEDGER``, ``CO2SF_STAGING``;
    by default beside Dagster's own storage (``DAGSTER_HOME``)."""

    model_config = _env_file
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


class AlertSettings(BaseSettings):
    """Who is told of problems, and of which: ``CO2SF_ALERT_WEBHOOK_URL`` and the others."""

    model_config = _env_file | SettingsConfigDict(env_prefix="CO2SF_ALERT_")
    webhook_url: SecretStr | None = None
    """Where alerts are posted as JSON: an incoming webhook of Slack, Mattermost or another that reads ``text``; without
    it nobody is told."""
    ui_url: str = Field(default="", validation_alias="CO2SF_UI_URL")
    """Where people open the Dagster UI, such as ``https://dagster.example.com``; alerts link there."""
    remind_hours: int = Field(default=6, ge=1)
    """How long until it is said again that a problem lasts."""
    calm_minutes: int = Field(default=5, ge=0)
    """How long a problem must be away before it is said to be over; one that comes back earlier is the same."""
    blind_minutes: int = Field(default=10, ge=1)
    """How long the sensor ``changes`` may be unable to look for changes."""
    stale_minutes: int = Field(default=60, ge=1)
    """How long news may wait while no sync succeeds."""
    owed_per_hour: int = Field(default=25, ge=0)
    """So many rows that came to be owed within an hour, and still are, are a problem; 0: never."""
    owed_per_day: int = Field(default=100, ge=0)
    """The same within a day."""

    @field_validator("webhook_url")
    @classmethod
    def _is_an_address(cls, written: SecretStr | None) -> SecretStr | None:
        """A blank one is none; what is wrong with it is said without it."""
        text = written.get_secret_value().strip() if written else ""
        if text and not text.startswith(("https://", "http://")):
            raise ValueError("must be an address that begins with https://")
        return SecretStr(text) if text else None

    @field_validator("ui_url")
    @classmethod
    def _ends_without_slash(cls, written: str) -> str:
        """Paths are added to it."""
        return written.rstrip("/")


class RetentionSettings(BaseSettings):
    """How long what happened is kept: ``CO2SF_KEEP_RUNS_DAYS`` and the others."""

    model_config = _env_file | SettingsConfigDict(env_prefix="CO2SF_KEEP_")
    runs_days: int = Field(default=30, ge=1)
    """How long finished runs stay in Dagster's history; the newest ones, and those that are needed, stay longer."""
    runs_at_least: int = Field(default=100, ge=0)
    """So many of the newest runs stay, however old they are."""
    log_days: int = Field(default=400, ge=1)
    """How long the lines of ``co2sf log --record`` stay; those of records that owe a row always do."""
    pruning_minutes: int = Field(default=60, ge=1, validation_alias="CO2SF_PRUNE_AT_MOST_MINUTES")
    """How long the job ``prune`` may take; what it leaves the next one removes."""


Chosen = TypeVar("Chosen", bound=BaseSettings)


_last: dict[type[BaseSettings], tuple[object, BaseSettings]] = {}


def read_settings(kind: type[Chosen]) -> Chosen:
    """The settings of one kind; raises FixAccess that names every variable which is missing or wrong.

    A run asks some 30 times: while environment, ``.env`` and store say the same, these are the settings of before."""
    store = read_settings(ProjectSettings).store if issubclass(kind, Connected) else None
    written = dict(os.environ), _dotenv(), store and store.stamp()
    said, settings = _last.get(kind, (None, None))
    if said != written or not isinstance(settings, kind):
        check_settings(kind)
        settings = kind()
        _last[kind] = written, settings
    return settings


def _dotenv() -> bytes | None:
    try:
        return Path(".env").read_bytes()
    except OSError:
        return None


def check_settings(*kinds: type[BaseSettings]) -> None:
    """Raise FixAccess that names all variables of these kinds which are missing or wrong, in one sentence."""
    missing: list[tuple[str, str]] = []
    wrong: list[tuple[str, str]] = []
    for kind in kinds:
        for name, error in _errors(kind):
            (missing if error["type"] == "missing" else wrong).append(
                (name, error["msg"].removeprefix("Value error, "))
            )
    said = [f"{name} is wrong: {message}" for name, message in wrong]
    if missing:
        names = ", ".join(name for name, _ in missing)
        said.insert(0, f"not set: {names}; run {_connect(kinds)}, or set them (docs/connect.md)")
    if said:
        raise FixAccess(f"environment: {'; '.join(said)}")


def _connect(kinds: tuple[type[BaseSettings], ...]) -> str:
    return " and ".join(f"co2sf connect {name_of(kind)}" for kind in kinds if issubclass(kind, Connected))


def _errors(kind: type[BaseSettings]) -> Iterator[tuple[str, ErrorDetails]]:
    try:
        kind()
    except ValidationError as wrong:
        prefix = kind.model_config.get("env_prefix") or ""
        yield from ((_variable(str(error["loc"][0]), prefix), error) for error in wrong.errors())


def _variable(name: str, prefix: str) -> str:
    """Errors name a setting that has a name of its own by that."""
    return name if name.startswith("CO2SF_") else f"{prefix}{name}".upper()
