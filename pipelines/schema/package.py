"""A source-format folder packed for the Metadata API: objects with their fields in one file each, and a manifest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from pipelines.errors import EditFile
from pipelines.mapping.problem import shown
from pipelines.schema.project import Project, read
from pipelines.schema.xml import HEAD, NAMESPACE

_BEGIN: Final = re.compile(r"(<\?xml[^>]*\?>)?((?:\s|<!--.*?-->)*)<(CustomObject|CustomField)\b[^>]*>", re.DOTALL)
_END: Final = re.compile(r"</(CustomObject|CustomField)>\s*\Z")
_OBJECT, _FIELD, _SET = "CustomObject", "CustomField", "PermissionSet"
_WORDS: Final = {_OBJECT: "object", _FIELD: "field", _SET: "permission set"}


@dataclass(slots=True)
class _Part:
    """A file of the package as it grows; ``begins`` says from which line on which source file stands in it."""

    text: str = HEAD
    begins: list[tuple[int, Path]] = field(default_factory=list)

    def add(self, text: str, path: Path | None = None) -> None:
        if path is not None:
            self.begins.append((self.text.count("\n") + 1, path))
        self.text += text


@dataclass(frozen=True, slots=True)
class Package:
    """What is deployed: its files by name, its components by metadata type, and what was left out."""

    folder: Path
    parts: dict[str, _Part]
    components: dict[str, list[str]]
    left_out: tuple[Path, ...]
    api_version: str

    @property
    def size(self) -> int:
        """How many components there are."""
        return sum(map(len, self.components.values()))

    @property
    def words(self) -> str:
        """How many components of each type there are."""
        counted = [(_WORDS[kind], len(members)) for kind, members in self.components.items()]
        return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for word, count in counted)

    @property
    def permission_sets(self) -> list[str]:
        """The names of the permission sets in it."""
        return self.components.get(_SET, [])

    def zipped(self) -> bytes:
        """The zip file: no entries of folders, for which Salesforce does not find the files in them."""
        made = BytesIO()
        with ZipFile(made, "w", ZIP_DEFLATED) as archive:
            archive.writestr("package.xml", self._manifest())
            for name, part in self.parts.items():
                archive.writestr(name, part.text)
        return made.getvalue()

    def source(self, name: str, line: int) -> str:
        """file:line in the folder for a line of a file of the package, which Salesforce names."""
        part = self.parts.get(name)
        begun = [each for each in part.begins if each[0] <= max(line, 1)] if part else []
        if not begun:
            return name
        first, path = begun[-1]
        return f"{shown(path)}:{line - first + 1}" if line else shown(path)

    def _manifest(self) -> str:
        types = "".join(
            "    <types>\n"
            + "".join(f"        <members>{member}</members>\n" for member in members)
            + f"        <name>{kind}</name>\n    </types>\n"
            for kind, members in self.components.items()
        )
        version = f"    <version>{self.api_version}</version>\n"
        return f'{HEAD}<Package xmlns="{NAMESPACE}">\n{types}{version}</Package>\n'


def packed(folder: Path, api_version: str) -> Package:
    """The package of a folder; EditFile when it holds nothing that can be deployed, or what is not XML."""
    project = Project.at(folder)
    if project is None:
        raise EditFile(f"{shown(folder)}: holds no objects/ and no permissionsets/; name a source-format folder, or "
                       f"write one with co2sf schema generate -o {shown(folder)}")  # fmt: skip
    files = sorted(path for path in project.root.rglob("*") if path.is_file())
    kinds: dict[str, list[Path]] = {kind: [] for kind in (_FIELD, _OBJECT, _SET, "")}
    for path in files:
        kinds[_kind(path.relative_to(project.root))].append(path)
    left_out = tuple(kinds.pop(""))
    components = {kind: [_member(kind, path) for path in paths] for kind, paths in kinds.items() if paths}
    if not components:
        raise EditFile(f"{shown(folder)}: there is no object, field or permission set in it to deploy")
    return Package(folder, _parts(kinds), components, left_out, api_version)


def _kind(place: Path) -> str:
    match place.parts:
        case ("objects", name, own) if own == f"{name}.object-meta.xml":
            return _OBJECT
        case ("objects", _, "fields", own) if own.endswith("__c.field-meta.xml"):
            return _FIELD
        case ("permissionsets", own) if own.endswith(".permissionset-meta.xml"):
            return _SET
    return ""


def _member(kind: str, path: Path) -> str:
    name = path.name.partition(".")[0]
    return f"{path.parents[1].name}.{name}" if kind == _FIELD else name


def _parts(kinds: dict[str, list[Path]]) -> dict[str, _Part]:
    own = {path.parent.name: path for path in kinds[_OBJECT]}
    fields: dict[str, list[Path]] = {}
    for path in kinds[_FIELD]:
        fields.setdefault(path.parents[1].name, []).append(path)
    parts = {f"objects/{name}.object": _object(own.get(name), fields.get(name, [])) for name in sorted({*own, *fields})}
    for path in kinds[_SET]:
        part = _Part("")
        part.add(_checked(path), path)
        parts[f"permissionsets/{path.name.partition('.')[0]}.permissionset"] = part
    return parts


def _object(own: Path | None, fields: Sequence[Path]) -> _Part:
    """Every file keeps its lines, so that a line that Salesforce complains of is found again."""
    part = _Part()
    part.add(f'<CustomObject xmlns="{NAMESPACE}">\n')
    if own is not None:
        part.add(_inside(own, "", ""), own)
    for path in fields:
        part.add(_inside(path, "<fields>", "</fields>"), path)
    part.add("</CustomObject>\n")
    return part


def _inside(path: Path, begin: str, end: str) -> str:
    text = _BEGIN.sub(lambda found: f"{found[2]}{begin}", _checked(path), count=1)
    return _END.sub(f"{end}\n", text)


def _checked(path: Path) -> str:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise EditFile(f"{shown(path)}: cannot be read: {error.strerror}; check its rights") from None
    except UnicodeDecodeError:
        raise EditFile(f"{shown(path)}: is not UTF-8; save it as UTF-8") from None
    read(path, text)
    return text
