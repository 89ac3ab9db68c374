"""Generated reference: docs/conversions.md, and the tables of docs/mapping-language.md."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from pipelines.mapping import conversions
from pipelines.mapping.complaints import shape_of
from pipelines.mapping.conversions import (
    Conversion,
    contacts,
    moments,
    numbers,
    picks,
    places,
    structures,
    texts,
)
from pipelines.mapping.json_schema import options_schema
from pipelines.mapping.model import Head, Language, Lookup, Rule

BEGIN, END = "<!-- generated: python -m pipelines.mapping.reference --write -->", "<!-- end of generated -->"
_TOPICS: dict[str, ModuleType] = {
    "Text": texts,
    "Numbers": numbers,
    "Dates and times": moments,
    "Picklists": picks,
    "Ways to reach somebody": contacts,
    "Places": places,
    "Structures": structures,
}


def generated(root: Path) -> dict[Path, str]:
    """File below ``root`` to the text that it must have."""
    language = root / "docs" / "mapping-language.md"
    return {
        root / "docs" / "conversions.md": conversions_page(),
        language: _filled(language.read_text(encoding="utf-8"), language_tables()),
    }


def conversions_page() -> str:
    """docs/conversions.md: every built-in conversion with its options and the field types that take it."""
    intro = f"""# Conversions

{BEGIN}

A rule names its conversion with `as:`; without it the value goes as `text`. Options stand beside `as:`. A value that a
conversion cannot take is rejected with its record, and only that record. Empty values (null, blank text, `0000-00-00`)
never reach a conversion: they become null, or what `default:` says. Your own conversions go into a `conversions.py`
beside the mappings; `docs/mapping-language.md` shows how.
"""
    return "\n".join([intro, *(_topic(title, module) for title, module in _TOPICS.items()), END, ""])


def _topic(title: str, module: ModuleType) -> str:
    declared = [each for each in vars(module).values() if isinstance(each, Conversion)]
    rows = [(f"`{each.name}`", each.doc, _options(each), ", ".join(sorted(each.into))) for each in declared]
    return f"## {title}\n\n{_table(('as', 'what it makes', 'options', 'goes into'), rows)}"


def _options(conversion: Conversion) -> str:
    schema = options_schema(conversion)
    defaults = {name: each.default for name, each in conversion.options.model_fields.items()}
    return "<br>".join(f"`{name}`: {_option(each, defaults[name])}" for name, each in schema.items())


def _option(schema: dict[str, object], default: object) -> str:
    allowed = schema.get("enum")
    words = " or ".join(map(str, allowed)) if isinstance(allowed, list) else str(schema.get("format") or schema["type"])
    words = {"zoneinfo": "time zone"}.get(words, words)
    return (
        words
        if default in {None, ""}
        else f"{words}, default {str(default).lower() if isinstance(default, bool) else default}"
    )


def language_tables() -> str:
    """The tables of every key of a mapping file, of a rule and of a lookup."""
    parts: list[tuple[str, type[Language]]] = [
        ("A mapping file", Head),
        ("A rule under `fields`", Rule),
        ("A lookup", Lookup),
    ]
    return "\n\n".join(
        f"### {title}\n\n{_table(('key', 'what it says', 'write'), _keys(model))}" for title, model in parts
    )


def _keys(model: type[Language]) -> Iterator[tuple[str, ...]]:
    for name, each in model.model_fields.items():
        if each.description:
            key = each.alias or name
            default = (
                ""
                if each.is_required() or each.default in {None, ""} or not isinstance(each.default, str)
                else each.default
            )
            yield (
                f"`{key}`",
                each.description,
                shape_of(key, top=model is Head) + (f" (default {default})" if default else ""),
            )


def _table(head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    titles = tuple(head)
    lines = [titles, tuple("---" for _ in titles), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def _filled(page: str, tables: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables}\n{END}{after}"


def main(arguments: list[str]) -> int:
    """Write the generated files with --write, else name those that are stale; the number of stale ones is returned."""
    root = Path(conversions.__file__ or "").parents[3]
    stale = [path for path, text in generated(root).items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        if "--write" in arguments:
            path.write_text(generated(root)[path], encoding="utf-8")
        sys.stdout.write(f"{'written' if '--write' in arguments else 'stale'}: {path.relative_to(root)}\n")
    return 0 if "--write" in arguments else len(stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
