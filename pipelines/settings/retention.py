"""How long what happened is kept."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.settings.source import WRITTEN


class RetentionSettings(BaseSettings):
    """How long what happened is kept: ``CO2SF_KEEP_RUNS_DAYS`` and the others."""

    model_config = WRITTEN | SettingsConfigDict(env_prefix="CO2SF_KEEP_")
    runs_days: int = Field(default=30, ge=1)
    """How long finished runs stay in Dagster's history; the newest ones, and those that are needed, stay longer."""
    runs_at_least: int = Field(default=100, ge=0)
    """So many of the newest runs stay, however old they are."""
    log_days: int = Field(default=400, ge=1)
    """How long the lines of ``co2sf log --record`` stay; those of records that owe a row always do."""
    pruning_minutes: int = Field(default=60, ge=1, validation_alias="CO2SF_PRUNE_AT_MOST_MINUTES")
    """How long the job ``prune`` may take; what it leaves the next one removes."""
