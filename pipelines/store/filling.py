"""What the store holds fills what the environment lacks."""

from collections.abc import Callable
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from pipelines.store.store import Store


class Kept(PydanticBaseSettingsSource):
    """The last source of settings: the entry of a connection, unless what is set already names another account."""

    def __init__(self, kind: type[BaseSettings], store: Callable[[], Store]) -> None:
        super().__init__(kind)
        self._name = name_of(kind)
        self._store = store

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Of one field."""
        return self().get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Settings by name."""
        entry = self._store().read(self._name)
        if entry is None or not entry.is_of(self.current_state):
            return {}
        return {name: value for name, value in entry.settings.items() if name in self.settings_cls.model_fields}


def name_of(kind: type[BaseSettings]) -> str:
    """The connection that settings are about."""
    return (kind.model_config.get("env_prefix") or "").rstrip("_").lower()
