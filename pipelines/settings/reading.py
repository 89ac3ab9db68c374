"""Reads settings, and says what is missing or wrong."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from pipelines.errors import FixAccess
from pipelines.settings.project import ProjectSettings
from pipelines.store.filling import Kept, name_of

Chosen = TypeVar("Chosen", bound=BaseSettings)
_last: dict[type[BaseSettings], tuple[object, BaseSettings]] = {}


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
