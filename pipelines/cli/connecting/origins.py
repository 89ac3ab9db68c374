"""Where a setting comes from: the environment, .env, or what co2sf connect has kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource

from pipelines.settings import ProjectSettings, read_settings
from pipelines.store.filling import name_of


@dataclass(frozen=True, slots=True)
class Told:
    """A value as it is written, and where."""

    value: str = field(repr=False)
    origin: str


def told_of(kind: type[BaseSettings]) -> dict[str, Told]:
    """All that is set of a connection, by name; the environment wins over .env, and both over the store."""
    store = read_settings(ProjectSettings).store
    told = _values(DotEnvSettingsSource(kind)(), ".env") | _values(EnvSettingsSource(kind)(), "environment")
    entry = store.read(name_of(kind))
    if entry is None or not entry.is_of({name: each.value for name, each in told.items()}):
        return told
    tokens = {"refresh_token": entry.tokens["refresh_token"]} if entry.tokens.get("refresh_token") else {}
    return _values({**entry.settings, **tokens}, store.place) | told


def _values(found: Mapping[str, object], origin: str) -> dict[str, Told]:
    return {name: Told(str(value), origin) for name, value in found.items() if value not in {None, ""}}


def variable(kind: type[BaseSettings], name: str) -> str:
    """The environment variable of a setting."""
    return f"{kind.model_config.get('env_prefix') or ''}{name}".upper()
