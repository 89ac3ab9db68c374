"""Who is told of problems, and of which."""

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.settings.source import WRITTEN


class AlertSettings(BaseSettings):
    """Who is told of problems, and of which: ``CO2SF_ALERT_WEBHOOK_URL`` and the others."""

    model_config = WRITTEN | SettingsConfigDict(env_prefix="CO2SF_ALERT_")
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
