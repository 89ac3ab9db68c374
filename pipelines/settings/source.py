"""Where a setting may stand: the environment, or lines of ``.env``."""

from pydantic_settings import SettingsConfigDict

WRITTEN = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, use_attribute_docstrings=True)
