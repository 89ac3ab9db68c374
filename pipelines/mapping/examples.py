"""Reading examples: ``examples/invoices.yaml`` beside ``invoices.yaml`` holds named records and what they become."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pipelines.mapping.checking import unknown_field
from pipelines.mapping.complaints import described
from pipelines.mapping.example import Example, Outcome
from pipelines.mapping.model import Mapping
from pipelines.mapping.problem import Findings, Problem, near_miss, shown
from pipelines.mapping.scalars import Value, number_in, quoted
from pipelines.mapping.shelf import Shelf
from pipelines.mapping.written import Tree, parse

FOLDER = "examples"
_OUTCOMES = ("row", "rejected", "outside")


@dataclass(slots=True)
class Examples:
    """All examples of a folder of mappings, and what is wrong with their files."""

    found: list[Example] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_examples(folder: Path, shelf: Shelf) -> Examples:
    """The examples of all good mappings; those of a broken one wait until it is mended."""
    examples = Examples()
    mappings = {each.name: each for each in shelf.mappings}
    broken = {each.name for each in shelf.broken}
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        findings = Findings(shown(path))
        if path.stem in mappings:
            examples.found += _read(path, mappings[path.stem], findings)
        elif path.stem not in broken:
            near = near_miss(path.stem, {*mappings, *broken})
            findings.at_key((), f"there is no mapping {path.stem}.yaml{near}; name the file after its mapping")
        examples.problems += findings.sorted()
    return examples


def _read(path: Path, mapping: Mapping, findings: Findings) -> list[Example]:
    tree = parse(path.read_bytes(), findings)
    if not isinstance(tree, dict):
        if not findings.problems:
            findings.at_key((), f"{described(tree)} instead of examples; an example is a name, and below it record:")
        return []
    return [found for name, node in tree.items() for found in _example(name, node, mapping, findings)]


def _example(name: str, node: Tree, mapping: Mapping, findings: Findings) -> Iterator[Example]:
    before = len(findings.problems)
    record, expected = _parts(name, node, mapping, findings)
    if len(findings.problems) == before:
        line, _ = findings.places.key((name,))
        yield Example(mapping, name, f"{findings.path}:{line}", record, expected)


def _parts(name: str, node: Tree, mapping: Mapping, findings: Findings) -> tuple[dict[str, object], Outcome]:
    parts = node if isinstance(node, dict) else {}
    for key in parts.keys() - {"record", *_OUTCOMES}:
        near = near_miss(key, ("record", *_OUTCOMES))
        findings.at_key((name, key), f"unknown key {quoted(key)}{near}; known here: record, {', '.join(_OUTCOMES)}")
    record = parts.get("record")
    if not isinstance(record, dict):
        findings.at_key((name,), "an example without record; write record: and below it fields of ChargeOver")
        return {}, Outcome()
    if len(parts.keys() & set(_OUTCOMES)) != 1:
        findings.at_key((name,), "write one of row: (what it becomes), rejected: (the problem), outside: true (only)")
    return _record(name, record, mapping, findings), _expected(name, parts, mapping, findings)


def _record(name: str, record: dict[str, Tree], mapping: Mapping, findings: Findings) -> dict[str, object]:
    for key in record.keys() - mapping.types.keys():
        findings.at_key((name, "record", key), unknown_field(mapping.source, key, mapping.types))
    return {key: _raw(value, mapping.types.get(key, "text")) for key, value in record.items()}


def _raw(written: Tree, kind: str) -> object:
    """A value as ChargeOver's answer has it: what stands in a JSON field is JSON, or YAML that means the same."""
    if kind != "json":
        return written
    if isinstance(written, str):
        try:
            return json.loads(written, parse_float=Decimal)
        except ValueError:
            return written
    return _literal(written)


def _literal(written: Tree) -> object:
    if isinstance(written, dict):
        return {key: _literal(value) for key, value in written.items()}
    if isinstance(written, list):
        return [_literal(value) for value in written]
    if written in {"true", "false"}:
        return written == "true"
    number = number_in(written)
    return written if number is None else number


def _expected(name: str, parts: dict[str, Tree], mapping: Mapping, findings: Findings) -> Outcome:
    row, rejected = parts.get("row"), parts.get("rejected")
    if "rejected" in parts:
        if isinstance(rejected, str) and rejected.strip():
            return Outcome(rejected=rejected)
        findings.at_value((name, "rejected"), "write a part of the text that says why the record is rejected")
    elif "outside" in parts and parts["outside"] != "true":
        findings.at_value((name, "outside"), "write outside: true for a record that only excludes, or leave it out")
    elif "row" in parts:
        return Outcome(row=_row(name, row, mapping, findings))
    return Outcome()


def _row(name: str, row: Tree, mapping: Mapping, findings: Findings) -> dict[str, Value]:
    if not isinstance(row, dict):
        findings.at_value((name, "row"), f"{described(row)} is no row; write one line for each field that is sent")
        return {}
    for key in row.keys() - set(mapping.written):
        near = near_miss(key, mapping.written)
        findings.at_key((name, "row", key), f"{mapping.name} writes no field {quoted(key)}{near}; correct it")
    return {key: value if isinstance(value, str) else None for key, value in row.items()}
