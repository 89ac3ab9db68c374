"""The fields of a ChargeOver object as lines: name, type, meaning, and an example that the account gives."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.chargeover.catalog import CATALOG, vocabulary
from pipelines.chargeover.examples import examples
from pipelines.chargeover.labels import labels
from pipelines.chargeover.meanings import meaning
from pipelines.errors import Co2sfError
from pipelines.settings import ChargeOverSettings, read_settings
from pipelines.sync.accounts import chargeover_of

_first = ("text", "decimal", "date", "datetime", "bool", "int", "json")


@dataclass(frozen=True, slots=True)
class Told:
    """What the account says about a source; ``why_not`` when it says nothing."""

    examples: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    why_not: str = ""


def ask(source: str) -> Told:
    """Read a few records; without a connection, or when it fails, nothing but the reason."""
    try:
        chargeover = chargeover_of(read_settings(ChargeOverSettings))
        return Told(examples(chargeover, source), labels(chargeover, source.partition(".")[0]))
    except Co2sfError as error:
        return Told(why_not=str(error))


def lines(source: str, told: Told) -> list[dict[str, Any]]:
    """All fields: the key first, then what people look for, ids, custom fields, and those of the parent."""
    found = [
        {"field": name, "type": kind, "meaning": told.labels.get(name) or meaning(source, name),
         "example": told.examples.get(name, "")}
        for name, kind in vocabulary()[source].items()
    ]  # fmt: skip
    return sorted(found, key=lambda line: _rank(source, line))


def _rank(source: str, line: dict[str, Any]) -> tuple[bool, bool, bool, int, bool]:
    name = str(line["field"])
    is_address = name.startswith(("bill_", "ship_"))
    return "." in name, _is_custom(name), name != key_of(source), _first.index(line["type"]), is_address


def key_of(source: str) -> str:
    """The field that tells the records of a source apart, those of children within their parent."""
    name, _, children = source.partition(".")
    return next((each.key for each in CATALOG[name].children if each.name == children), CATALOG[name].key)


def shortened(found: list[dict[str, Any]], told: Told) -> list[dict[str, Any]]:
    """Without the parent's fields, and without custom fields of which the account tells nothing."""
    return [
        line
        for line in found
        if "." not in line["field"]
        and (not _is_custom(line["field"]) or line["example"] or line["field"] in told.labels)
    ]


def notes(source: str) -> Iterator[str]:
    """What is not in the shortened lines."""
    name, _, children = source.partition(".")
    kind = CATALOG[name]
    custom = [each for each in vocabulary()[source] if _is_custom(each)]
    if custom:
        yield f"Custom fields: {custom[0]} to {custom[-1]}, text; listed are those that a record read or a label names."
    if children:
        yield f"Also all fields of its {name} under that name, such as {name}.{kind.key}: co2sf fields {name}"
    for each in kind.children if not children else ():
        yield f"Its children: co2sf fields {name}.{each.name}"


def _is_custom(name: str) -> bool:
    return name.startswith("custom_")
