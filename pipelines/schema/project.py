"""A folder in Salesforce's source format: where its files lie, which of them are ours, and writing them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from pipelines.errors import EditFile
from pipelines.mapping.problem import shown
from pipelines.schema import xml
from pipelines.schema.xml import HEAD, Node

_MARK: Final = re.compile(r"<!-- co2sf schema generate ([0-9a-f]{12}): edit it and it stays as you leave it -->\n")
_USUAL: Final = Path("force-app/main/default")
_LOOKS: Final = frozenset(
    {"label", "pluralLabel", "description", "inlineHelpText", "relationshipLabel", "visibleLines", "nameField"}
    | {"enableActivities", "enableFeeds", "enableHistory", "enableReports", "enableSearch", "hasActivationRequired"}
)
"""What does not change which values a field takes, who may write them and where they belong."""
_ORDERED: Final = frozenset({"valueSetDefinition"})


class Fate(StrEnum):
    """What became of a file."""

    WRITTEN = "written"
    CHANGED = "changed"
    SAME = "same"
    KEPT = "kept"
    """Edited by hand, and left so."""


@dataclass(frozen=True, slots=True)
class Project:
    """The folder that holds objects/ and permissionsets/."""

    root: Path

    @classmethod
    def at(cls, folder: Path) -> "Project | None":
        """The project at a folder, or None when nothing of that kind lies there."""
        for candidate in (folder, folder / "main" / "default", folder / _USUAL):
            if (candidate / "objects").is_dir() or (candidate / "permissionsets").is_dir():
                return cls(candidate)
        return None

    @classmethod
    def begun(cls, folder: Path, api_version: str) -> "Project":
        """The project at a folder, begun as Salesforce's tools expect it if there is none."""
        found = cls.at(folder)
        if found is None:
            found = cls(folder / _USUAL)
            found.root.mkdir(parents=True, exist_ok=True)
            said = {"packageDirectories": [{"path": "force-app", "default": True}], "sourceApiVersion": api_version}
            (folder / "sfdx-project.json").write_text(json.dumps(said, indent=2) + "\n", "utf-8")
        return found

    def write(self, files: Mapping[str, str], *, force: bool) -> dict[Path, Fate]:
        """Write files by their place below the root; one that a person has edited stays unless ``force`` is given."""
        return {self.root / place: _write(self.root / place, text, force=force) for place, text in files.items()}


def _write(path: Path, text: str, *, force: bool) -> Fate:
    try:
        before = path.read_text("utf-8") if path.exists() else None
        if before is not None and _says(path, before, text):
            return Fate.SAME
        if before is not None and not (force or _is_ours(before)):
            return Fate.KEPT
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_marked(text), "utf-8")
    except OSError as error:
        raise EditFile(f"{shown(path)}: cannot be written: {error.strerror}; check the folder and its rights") from None
    return Fate.WRITTEN if before is None else Fate.CHANGED


def _marked(text: str) -> str:
    """With a comment that tells whether the file is as it was generated; Salesforce does not read comments."""
    mark = f"<!-- co2sf schema generate {_digest(text)}: edit it and it stays as you leave it -->\n"
    return text.replace(HEAD, HEAD + mark, 1)


def _is_ours(text: str) -> bool:
    found = _MARK.search(text)
    return found is not None and found[1] == _digest(_MARK.sub("", text, count=1))


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=6).hexdigest()


def _says(path: Path, before: str, text: str) -> bool:
    """Whether a file says all that is needed, but for how it looks; it may say more."""
    said, needed = _bare(read(path, before)), _bare(read(path, text))
    return all(each in said for each in needed)


def _bare(node: Node, *, ordered: bool = False) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = [
        (name, value if isinstance(value, str) else _bare(value, ordered=name in _ORDERED))
        for name, value in node
        if name not in _LOOKS
    ]
    return found if ordered else sorted(found, key=repr)


def read(path: Path, text: str) -> Node:
    """What a metadata file says; EditFile with its place for what is not XML."""
    try:
        return xml.read(text)
    except ET.ParseError as error:
        line, column = error.position
        raise EditFile(f"{shown(path)}:{line}:{column + 1}: this is not XML ({error.msg.split(':')[0]}); correct it, "
                       "or delete the file and run co2sf schema generate") from None  # fmt: skip
