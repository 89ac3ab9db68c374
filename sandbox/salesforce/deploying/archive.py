"""The zip file of a deployment: a manifest, and the components that it names."""

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final, Self
from zipfile import BadZipFile, ZipFile

from sandbox.salesforce.xmltree import Tree, parse_tree

OBJECT, FIELD, SET = "CustomObject", "CustomField", "PermissionSet"
ORDER: Final = (OBJECT, FIELD, SET)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a component is not taken; `line` and `column` are where it stands in the file."""

    kind: str
    name: str
    file: str
    text: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Component:
    """An object, a field or a permission set."""

    kind: str
    name: str
    file: str
    line: int
    column: int
    tree: Tree

    @property
    def sobject(self) -> str:
        """The object that it is or belongs to."""
        return self.name.partition(".")[0]

    @property
    def own_name(self) -> str:
        """The name without that of its object."""
        return self.name.rpartition(".")[2]

    def refused(self, text: str) -> Problem:
        """The same as a problem."""
        return Problem(self.kind, self.name, self.file, text, self.line, self.column)


@dataclass(slots=True)
class Archive:
    """What a deployment brings, in the order in which it is looked at, and what is wrong with the file itself."""

    components: list[Component] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, content: bytes) -> Self:
        """The zip file; what cannot be read in it is a problem of its file (texts published by users)."""
        archive = cls()
        try:
            with ZipFile(BytesIO(content)) as zipped:
                texts = {each.filename: zipped.read(each).decode("utf-8", "replace") for each in zipped.infolist()}
        except BadZipFile:
            archive.problems.append(Problem("", "", "", "The zip file could not be read"))
            return archive
        if "package.xml" not in texts:
            archive.problems.append(Problem("", "", "package.xml", "No package.xml found"))
            return archive
        archive._take(texts)
        return archive

    def of(self, kind: str) -> list[Component]:
        """The components of one kind."""
        return [each for each in self.components if each.kind == kind]

    def _take(self, texts: dict[str, str]) -> None:
        trees: dict[str, Tree] = {}
        for name, text in texts.items():
            try:
                trees[name] = parse_tree(text)
            except ValueError as error:
                self.problems.append(Problem("", "", name, f"Error parsing file: {error}", 1, 1))
        manifest = trees.get("package.xml")
        for types in manifest.children("types") if manifest else ():
            for member in types.values("members"):
                self._find(types.text("name"), member, trees, texts)
        self.components.sort(key=lambda each: ORDER.index(each.kind))

    def _find(self, kind: str, name: str, trees: dict[str, Tree], texts: dict[str, str]) -> None:
        if kind not in ORDER:
            self.problems.append(Problem("", "", "package.xml", f"Unknown type name '{kind}' specified in package.xml"))
            return
        file = f"permissionsets/{name}.permissionset" if kind == SET else f"objects/{name.partition('.')[0]}.object"
        tree, own = trees.get(file), name.rpartition(".")[2]
        if kind == FIELD and tree is not None:
            tree = next((each for each in tree.children("fields") if each.text("fullName") == own), None)
        if tree is not None:
            line, column = _place(texts[file], own) if kind == FIELD else (1, 1)
            self.components.append(Component(kind, name, file, line, column, tree))
        elif file not in texts or file in trees:
            text = f"An object '{name}' of type {kind} was named in package.xml, but was not found in zipped directory"
            self.problems.append(Problem(kind, name, "package.xml", text))


def _place(text: str, name: str) -> tuple[int, int]:
    """Where a field is named; that Salesforce names the same place is inferred."""
    found = re.search(rf"<fullName>\s*{re.escape(name)}\s*</fullName>", text)
    start = found.start() if found else 0
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
