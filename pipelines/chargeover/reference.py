"""docs/fields.md and mappings/mapping.schema.json, from the catalog: ``python -m pipelines.chargeover.reference``."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipelines.chargeover.catalog import CATALOG, vocabulary
from pipelines.chargeover.freshness import how_noticed
from pipelines.chargeover.meanings import meaning
from pipelines.chargeover.object import Object
from pipelines.mapping.editor import Known, editor_schema

DOCS_PAGE = Path(__file__).parents[2] / "docs" / "fields.md"
SCHEMA = Path(__file__).parents[2] / "mappings" / "mapping.schema.json"

_HEAD = """# What ChargeOver has

Every object and field that a mapping can name; [how fresh they are](freshness.md). A child also sees its parent's
fields under the parent's name, such as `invoice.customer_id`. Card and account numbers and their tokens are left out
on purpose: they cannot be read into a mapping. `co2sf fields invoice`
shows the same beside [values of your account](fields-and-suggest.md).
"""


def page() -> str:
    """The whole page as Markdown."""
    return _HEAD + "".join(f"\n{section}" for kind in CATALOG.values() for section in _sections(kind))


def schema() -> str:
    """The schema of mapping files that knows no org."""
    return editor_schema(Known(described()))


def described() -> dict[str, dict[str, str]]:
    """Every source with its fields, each with its type and meaning, as editors show them."""
    return {
        source: {name: f"{kind}: {meaning(source, name)}" for name, kind in fields.items()}
        for source, fields in vocabulary().items()
    }


def _sections(kind: Object) -> Iterator[str]:
    yield f"## {kind.name}\n\n{how_noticed(kind)}{_costly(kind)}\n\n{_fields(kind.name, kind.fields)}"
    for children in kind.children:
        source = f"{kind.name}.{children.name}"
        yield f"### {source}\n\n{_fields(source, children.fields)}"


def _costly(kind: Object) -> str:
    if not kind.by_id_only:
        return ""
    return f" A mapping that uses {' or '.join(f'`{path}`' for path in kind.by_id_only)} costs one call per record."


def _fields(source: str, fields: Mapping[str, str]) -> str:
    custom = [name for name in fields if name.startswith("custom_")]
    lines = [(f"`{name}`", kind, meaning(source, name)) for name, kind in fields.items() if name not in custom]
    if custom:
        lines.append((f"`{custom[0]}` to `{custom[-1]}`", "text", "custom fields; your account says what they hold"))
    return "| field | type | meaning |\n|---|---|---|\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    DOCS_PAGE.write_text(page())
    SCHEMA.write_text(schema())
