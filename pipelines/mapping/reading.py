"""Reading a folder of mapping files: every problem of every file at once, and a bad file stops only itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.mapping.checking import (
    Fields,
    Sources,
    check_external_id,
    check_fields,
    check_marks,
    check_names,
    check_only,
    check_source,
)
from pipelines.mapping.complaints import described
from pipelines.mapping.conversions import Conversion
from pipelines.mapping.model import Head, Lookup, Mapping, Rule
from pipelines.mapping.order import cycles, in_order
from pipelines.mapping.pieces import head_of, lookup_of, rule_of
from pipelines.mapping.problem import Findings, Problem, near_miss, shown
from pipelines.mapping.scalars import quoted
from pipelines.mapping.shelf import Broken, Shelf
from pipelines.mapping.written import Tree, parse
from pipelines.mapping.written_conversions import FILE, conversions_in

__all__ = ["Broken", "Shelf", "read_mappings"]


@dataclass(slots=True)
class _File:
    path: Path
    findings: Findings
    to: str | None = None
    object: str | None = None
    lookups: dict[str, Lookup] = field(default_factory=dict)
    mapping: Mapping | None = None


@dataclass(frozen=True, slots=True)
class _Written:
    """All that a shelf is made from, by content: a file is never taken for unchanged because it looks so outside."""

    folder: Path
    shown: str
    files: tuple[tuple[Path, bytes | str], ...]
    sources: Sources


_last: list[tuple[_Written, Shelf]] = []
"""What was read last in this process: a run reads the same folder at each of its steps."""


def read_mappings(folder: Path, sources: Sources) -> Shelf:
    """The mappings of a folder; ``sources`` are the fields and types of each ChargeOver object and its children.

    Files that say what they said when they were read last give the same shelf as then."""
    paths = _paths(folder)
    if isinstance(paths, str):
        return Shelf((), (Broken(folder.name, folder, None, None, (Problem(shown(folder), 1, 1, paths),)),))
    written = _Written(
        folder, shown(folder), tuple((each, _content(each)) for each in (*paths, folder / FILE)), sources
    )
    for known, shelf in _last:
        if known == written:
            return shelf
    shelf = _shelf(written)
    _last[:] = [(written, shelf)]
    return shelf


def _shelf(written: _Written) -> Shelf:
    folder, sources = written.folder, written.sources
    conversions, problems = conversions_in(folder)
    files = [_read(path, content, conversions, sources) for path, content in written.files[:-1]]
    _check_between(files)
    broken = [
        Broken(each.path.stem, each.path, each.to, each.object, each.findings.sorted())
        for each in files
        if each.findings.problems
    ]
    if problems:
        broken.append(Broken("conversions", folder / FILE, None, None, tuple(problems)))
    good = {each.mapping.to: each.mapping for each in files if each.mapping and not each.findings.problems}
    order = in_order({to: [above.to for above in each.lookups.values()] for to, each in good.items()})
    return Shelf(tuple(good[to] for to in order), tuple(broken))


def _paths(folder: Path) -> list[Path] | str:
    try:
        paths = sorted(each for each in folder.iterdir() if each.suffix in {".yaml", ".yml"})
        paths = [each for each in paths if each.is_file() and not each.name.startswith(".")]
    except FileNotFoundError:
        return "there is no such folder; name the folder that holds the mappings"
    except OSError as error:
        return f"cannot be read as a folder of mappings: {error.strerror}"
    return paths or "holds no mapping; add a file such as invoices.yaml"


def _content(path: Path) -> bytes | str:
    """What stands in a file, or why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        return error.strerror or "unknown error"


def _read(path: Path, content: bytes | str, conversions: dict[str, Conversion], sources: Sources) -> _File:
    file = _File(path, Findings(shown(path)))
    if isinstance(content, str):
        file.findings.at_key((), f"cannot be read: {content}; check that the file is there and readable")
        return file
    tree = parse(content, file.findings)
    if isinstance(tree, dict):
        _understand(file, tree, content, conversions, sources)
        return file
    if not file.findings.problems:
        what = "an empty file" if tree is None else f"{described(tree)} instead of keys and values"
        file.findings.at_key((), f"{what}; a mapping starts with from:, to: and external_id:")
    _guess(file, content)
    return file


def _guess(file: _File, content: bytes) -> None:
    """What a file that is no YAML seems to write: else the mappings that look up to it would be broken by it too."""
    heads = dict(re.findall(r"^(from|to):[ \t]*[\"']?([\w.]+)", content.decode("utf-8", "replace"), re.MULTILINE))
    file.to, file.object = heads.get("to"), heads.get("from", "").partition(".")[0] or None


def _understand(
    file: _File, tree: dict[str, Tree], content: bytes, conversions: dict[str, Conversion], sources: Sources
) -> None:
    findings = file.findings
    source, to = tree.get("from"), tree.get("to")
    file.to = to if isinstance(to, str) else None
    file.object = source.partition(".")[0] if isinstance(source, str) else None
    head = head_of(tree, findings)
    nodes = {group: _group(tree, group, findings) for group in ("fields", "lookups")}
    rules = {name: rule_of(name, node, conversions, findings) for name, node in nodes["fields"].items()}
    lookups = {name: lookup_of(name, node, findings) for name, node in nodes["lookups"].items()}
    good = {name: each for name, each in rules.items() if each}
    file.lookups = {name: each for name, each in lookups.items() if each}
    if isinstance(source, str):
        check_source(source, sources, findings)
        if source in sources:
            check_fields(source, sources[source], good, file.lookups, findings)
    check_names(rules, lookups, findings)
    if rules and isinstance(key := tree.get("external_id"), str):
        check_external_id(key, rules, good, findings)
    if head is not None:
        check_marks(head, findings)
        check_only(head, sources.get(head.source) or dict.fromkeys(head.only, ""), findings)
        file.mapping = _assembled(file, head, good, content, sources.get(head.source, {}))


def _group(tree: dict[str, Tree], group: str, findings: Findings) -> dict[str, Tree]:
    found = tree.get(group)
    if isinstance(found, dict) and (found or group == "lookups"):
        return found
    if group == "fields" and group not in tree:
        findings.at_key((), '"fields" is missing; write fields: and below it what each field comes from')
    elif found is not None or group == "fields":
        findings.at_value((group,), f"{described(found)} does not fit under {group}; write one line for each field")
    return {}


def _assembled(file: _File, head: Head, rules: dict[str, Rule], content: bytes, types: Fields) -> Mapping | None:
    if file.findings.problems:
        return None
    said = {name: getattr(head, name) for name in Head.model_fields if name != "source"}
    return Mapping.model_validate(
        said
        | {"from": head.source, "name": file.path.stem, "path": file.path, "text": content.decode("utf-8-sig")}
        | {
            "fields": rules,
            "lookups": file.lookups,
            "places": file.findings.places,
            "shown": file.findings.path,
            "types": dict(types),
        }
    )


def _check_between(files: Iterable[_File]) -> None:
    """Every sObject has one mapping, every lookup leads to one, and none needs itself through others."""
    by_sobject: dict[str, list[_File]] = {}
    for file in files:
        if file.to:
            by_sobject.setdefault(file.to.casefold(), []).append(file)
    for twins in by_sobject.values():
        for each in twins if len(twins) > 1 else ():
            names = " and ".join(twin.findings.path for twin in twins)
            each.findings.at_value(("to",), f"{quoted(each.to)} is written by {names}; one mapping per sObject")
    known = {file.to for file in files if file.to}
    for file in files:
        for name, lookup in file.lookups.items():
            if lookup.to not in known:
                near = near_miss(lookup.to, known)
                text = f"no mapping loads {quoted(lookup.to)}{near}; add one, or remove the lookup"
                file.findings.at_value(("lookups", name, "to"), text)
    _check_cycles(files)


def _check_cycles(files: Iterable[_File]) -> None:
    for ring in cycles({file.to: [each.to for each in file.lookups.values()] for file in files if file.to}):
        way = " -> ".join((*ring, ring[0]))
        for file in files:
            for name, lookup in file.lookups.items() if file.to in ring else ():
                if lookup.to in ring and lookup.to != file.to:
                    text = f"{way} need each other, so none can be first; remove one of these lookups"
                    file.findings.at_value(("lookups", name, "to"), text)
