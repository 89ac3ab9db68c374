"""A metadata file as a tree that is asked by tag names, without the namespace."""

from pathlib import Path
from typing import Self
from xml.etree import ElementTree as ET


class Tree:
    """One element of a metadata file."""

    def __init__(self, element: ET.Element) -> None:
        self._element = element

    @property
    def tags(self) -> list[str]:
        """The tags of its direct children."""
        return [child.tag.rpartition("}")[2] for child in self._element]

    def written(self) -> str:
        """The element as XML text."""
        return ET.tostring(self._element, encoding="unicode")

    def children(self, tag: str) -> list[Self]:
        """The direct children with this tag."""
        return [type(self)(child) for child in self._element if child.tag.rpartition("}")[2] == tag]

    def values(self, tag: str) -> list[str]:
        """The texts of all direct children with this tag."""
        return [(each._element.text or "").strip() for each in self.children(tag)]  # noqa: SLF001 - of this class

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


def parse_tree(text: str) -> Tree:
    """The root of a metadata file that was sent; ValueError for what is not XML."""
    try:
        return Tree(ET.fromstring(text))  # noqa: S314 - from the tests of this machine
    except ET.ParseError as error:
        raise ValueError(str(error)) from error


def read_tree(file: Path) -> Tree:
    """The root of a metadata file of the project (trusted files, no foreign input)."""
    try:
        return Tree(ET.parse(file).getroot())  # noqa: S314 - the project's own metadata
    except ET.ParseError as error:
        raise ValueError(f"{file}: not well-formed XML: {error}") from error
