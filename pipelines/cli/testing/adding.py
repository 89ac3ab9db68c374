"""An example drafted from a live record: what the mapping reads of it, without what it says about people."""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Dict
from pathlib import Path
from typing import Any

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.records import read_one
from pipelines.chargeover.stand_ins import stand_in
from pipelines.errors import EditFile
from pipelines.mapping.example import Outcome, outcome_of
from pipelines.mapping.examples import FOLDER, read_examples
from pipelines.mapping.model import Mapping
from pipelines.mapping.problem import shown
from pipelines.mapping.scalars import text_of
from pipelines.mapping.shelf import Shelf
from pipelines.mapping.yaml_text import scalar
from pipelines.settings import AccountClock, ChargeOverSettings, read_settings
from pipelines.sync.accounts import chargeover_of
from pipelines.sync.asked import records_of


def add_example(folder: Path, shelf: Shelf, chosen: Sequence[Mapping], word: str) -> str:
    """Add an example of the record ``invoice:10041`` to the mapping of its object, or to those that are chosen (of
    children, the first); says what was done. Raises EditFile when there is nothing to add."""
    ((name, (record_id,)),) = records_of([word], shelf).items()
    mappings = [each for each in chosen or shelf.mappings if each.object == name and (chosen or not each.children)]
    if not mappings:
        raise EditFile(f"--add {word}: none of the mappings chosen reads {name}; name one that does, or none")
    rows = read_one(chargeover_of(read_settings(ChargeOverSettings)), CATALOG[name], record_id).rows
    if not rows:
        raise EditFile(f"ChargeOver has no {name} with the id {record_id}")
    return "\n".join(_added(folder, shelf, mapping, f"{name} {record_id}", rows[0]) for mapping in mappings)


def _added(folder: Path, shelf: Shelf, mapping: Mapping, title: str, row: dict[str, Any]) -> str:
    path = folder / FOLDER / f"{mapping.name}.yaml"
    if any(each.mapping is mapping and each.name == title for each in read_examples(folder, shelf).found):
        raise EditFile(f"{shown(path)} has an example {title!r} already; rename or remove it")
    record = _anonymous(mapping, _record(mapping, title, row))
    became = outcome_of(mapping, record, read_settings(AccountClock).zone)
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join([*([""] if file.tell() else []), *_text(mapping, title, record, became), ""]))
    return (
        f"{shown(path)}: added {title!r}. Names, addresses and texts are placeholders; look through it, name it after "
        "what it shows, and leave only the fields that matter"
    )


def _record(mapping: Mapping, title: str, row: dict[str, Any]) -> dict[str, Any]:
    if not mapping.children:
        return row
    children = row.get(mapping.children) or []
    if not children:
        raise EditFile(f"{title} has no {mapping.children}; take a record that has some")
    return {**children[0], **{f"{mapping.object}.{name}": value for name, value in row.items()}}


def _anonymous(mapping: Mapping, record: dict[str, Any]) -> dict[str, Any]:
    """The fields that the mapping reads, in its order."""
    read = dict.fromkeys(name for field in mapping.written for name in mapping.sources_of(field))
    names = [name for name in (*read, *(each for each in mapping.only if each not in read)) if name in record]
    return {name: stand_in(name, mapping.types[name], record[name]) for name in names}


def _text(mapping: Mapping, title: str, record: Dict[str, Any], became: Outcome) -> Iterator[str]:
    yield f"{scalar(title)}:"
    yield "  record:"
    yield from _lines(record)
    if became.row is not None:
        yield "  row:"
        yield from _lines({name: became.row[name] for name in mapping.written if name in became.row})
    elif became.rejected is not None:
        yield f"  rejected: {scalar(became.rejected)}"
    else:
        yield "  outside: true"


def _lines(values: Dict[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        yield f"    {name}: {'[]' if isinstance(value, list) else scalar(None if value is None else text_of(value))}"
