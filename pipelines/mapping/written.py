"""YAML as it was written: every scalar stays text (`no`, `on`, `07`), only null is null, and every place is known."""

from collections.abc import Iterator

import yaml

from pipelines.mapping.problem import Findings, Places, Problem, Spot, Where
from pipelines.mapping.scalars import quoted

Tree = dict[str, "Tree"] | list["Tree"] | str | None
Loader = type[yaml.BaseLoader | yaml.CBaseLoader]

QUICK: Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Four times as quick where libyaml is there; what it does not take, the other one explains better."""

_NULLS = {"", "~", "null", "Null", "NULL"}
_DEEPEST = 12
_HINTS = {
    "mapping values are not allowed": 'a value that holds ": " goes in quotes',
    "found undefined alias": "a value that starts with * goes in quotes",
    "while scanning for the next token": "a value that starts with this sign goes in quotes",
    "while scanning a quoted scalar": "a quote is not closed",
    "while parsing a flow": "a bracket or a comma is missing",
    "could not find expected ':'": 'write "key: value", with a blank after the colon',
    "expected <block end>": "indent keys of the same level by the same number of blanks",
}


def parse(content: bytes, findings: Findings) -> Tree:
    """The content of a file as dicts, lists, text and None; what is wrong goes to ``findings``, with its places."""
    text = _decoded(content, findings)
    if text is None or _has_tabs(text, findings):
        return None
    try:
        return _parsed(text, QUICK, findings)
    except yaml.YAMLError:
        findings.problems.clear()
    try:
        return _parsed(text, yaml.BaseLoader, findings)
    except yaml.MarkedYAMLError as error:
        _complain(error, findings)
        return None
    except yaml.reader.ReaderError as error:
        _note(findings, _spot(text, error.position), f"a character that YAML forbids ({error.reason}); remove it")
    return None


def _parsed(text: str, loader: Loader, findings: Findings) -> Tree:
    if not _is_simple(text, loader, findings):
        return None
    root = yaml.compose(text, Loader=loader)
    return _read(root, findings) if root is not None else None


def _decoded(content: bytes, findings: Findings) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _spot(content[: error.start].decode("utf-8", "replace"), error.start)
        _note(findings, (line, column), f"the byte {content[error.start]:#x} is not UTF-8; save the file as UTF-8")
        return None


def _has_tabs(text: str, findings: Findings) -> bool:
    for number, line in enumerate(text.split("\n"), 1):
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if "\t" in indent and line.strip():
            _note(findings, (number, indent.index("\t") + 1), "a tab in the indentation; YAML is indented with blanks")
    return bool(findings.problems)


def _is_simple(text: str, loader: Loader, findings: Findings) -> bool:
    """Whether the file is one document without anchors, tags and endless nesting, before anything is built from it."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=loader):
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        complaint = _not_in_the_language(event, documents, depth)
        if complaint:
            _note(findings, _start(event), complaint)
        if depth > _DEEPEST:
            return False
    return not findings.problems


def _not_in_the_language(event: yaml.Event, documents: int, depth: int) -> str | None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return "anchors and aliases (& and *) are not part of the mapping language; write the value out, or quote it"
    tag = getattr(event, "tag", None)
    if tag not in {None, "!"}:
        return f"tags ({quoted(tag)}) are not part of the mapping language; remove it, or quote the value"
    if isinstance(event, yaml.DocumentStartEvent) and documents > 1:
        return "a second document; write one mapping per file, without --- between"
    return "nested too deeply for a mapping" if depth > _DEEPEST else None


def _read(root: yaml.Node, findings: Findings) -> Tree:
    keys: dict[Where, Spot] = {}
    values: dict[Where, Spot] = {}
    findings.places = Places(keys, values)

    def read(node: yaml.Node, where: Where) -> Tree:
        values[where] = _start(node)
        if isinstance(node, yaml.ScalarNode):
            return None if not node.style and node.value in _NULLS else node.value
        if isinstance(node, yaml.SequenceNode):
            return [read(each, (*where, at)) for at, each in enumerate(node.value)]
        found: dict[str, Tree] = {}
        for key, value in _pairs(node, where, keys, findings):
            found[key] = read(value, (*where, key))
        return found

    return read(root, ())


def _pairs(
    node: yaml.Node, where: Where, keys: dict[Where, Spot], findings: Findings
) -> Iterator[tuple[str, yaml.Node]]:
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            _note(findings, _start(key), "a key must be a name; quote it if it starts with [ or {")
        elif (*where, key.value) in keys:
            line = keys[*where, key.value][0]
            _note(findings, _start(key), f"{quoted(key.value)} stands here twice, first in line {line}; remove one")
        else:
            keys[*where, key.value] = _start(key)
            yield key.value, value


def _complain(error: yaml.MarkedYAMLError, findings: Findings) -> None:
    mark = error.problem_mark or error.context_mark
    said = f"{error.context or ''} {error.problem or ''}"
    hint = next((hint for symptom, hint in _HINTS.items() if symptom in said), "look at this line and the one above")
    spot = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    _note(findings, spot, f"this is not YAML: {error.problem or error.context}; {hint}")


def _note(findings: Findings, spot: Spot, text: str) -> None:
    findings.problems.append(Problem(findings.path, *spot, text))


def _start(thing: yaml.Node | yaml.Event) -> Spot:
    mark = thing.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _spot(text: str, position: int) -> Spot:
    before = text[:position]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
