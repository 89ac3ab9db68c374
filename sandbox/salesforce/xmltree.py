"""A metadata file as a tree that is asked by tag names, without the namespace."""

from pathlib import Path
from typing import Self
from xml.etree import ElementTree as ET


class Tree:
    """One element of a metadata file."""

    def __init__(self, element: ET.Element) -> None:
        self._element = element

    def children(self, tag: str) -> list[Self]:
        """The direct children with this tag."""
        return [type(self)(child) for child in self._element if child.tag.rpartition("}")[2] == tag]

    def child(self, tag: str) -> Self | None:
        """The first child with this tag."""
        return next(iter(self.children(tag)), None)

    def text(self, tag: str) -> str:
        """The text of the first child with this tag, or nothing."""
        found = self.child(tag)
        return (found._element.text or "").strip() if found else ""  # noqa: SLF001 - another tree of this class

    def flag(self, tag: str) -> bool:
        """Whether the first child with this tag says true."""
        return self.text(tag) == "true"

    def number(self, tag: str, default: int = 0) -> int:
        """The first child with this tag as an integer."""
        text = self.text(tag)
        return int(text) if text else default


def read_tree(file: Path) -> Tree:
    """The root of a metadata file of the project (trusted files, no foreign input)."""
    try:
        return Tree(ET.parse(file).getroot())  # noqa: S314 - the project's own metadata
    except ET.ParseError as error:
        raise ValueError(f"{file}: not well-formed XML: {error}") from error
