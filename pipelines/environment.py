"""docs/settings.md, written from the settings: ``python -m pipelines.environment``."""

from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from pipelines.settings import AlertSettings, ChargeOverSettings, ProjectSettings, RetentionSettings, SalesforceSettings

DOCS_PAGE = Path(__file__).parents[1] / "docs" / "settings.md"

_HEAD = """# Settings

Environment variables, or lines of a file `.env` in the project's folder. Those without a default must be set.

| variable | default | what it is |
|---|---|---|
"""


def page() -> str:
    """The whole page as Markdown."""
    kinds = (ChargeOverSettings, SalesforceSettings, ProjectSettings, AlertSettings, RetentionSettings)
    return _HEAD + "".join(f"{line}\n" for kind in kinds for line in _lines(kind))


def _lines(kind: type[BaseSettings]) -> Iterator[str]:
    prefix = kind.model_config.get("env_prefix") or ""
    for name, field in kind.model_fields.items():
        variable = str(field.validation_alias or f"{prefix}{name}".upper())
        text = (field.description or "").replace("``", "`").replace("\n", " ")
        yield f"| `{variable}` | {_default(field)} | {text} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return ""
    return f"`{field.default}`" if field.default not in {None, ""} else "none"


if __name__ == "__main__":
    DOCS_PAGE.write_text(page())
