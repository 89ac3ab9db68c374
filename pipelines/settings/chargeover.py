"""How to reach ChargeOver, and by which clock it lives."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import AnyHttpUrl, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.settings.reading import Connected
from pipelines.settings.source import WRITTEN


class AccountClock(BaseSettings):
    """By which clock the ChargeOver account lives, and since when: what can be known before it is reached."""

    model_config = WRITTEN | SettingsConfigDict(env_prefix="CHARGEOVER_")
    zone: ZoneInfo = ZoneInfo("America/Chicago")
    """The account's time zone, which counts where a datetime says none."""
    first_month: str = Field(default="2010-01", pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    """The first month of backfills, such as that in which the account began; it also holds what is older."""


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
