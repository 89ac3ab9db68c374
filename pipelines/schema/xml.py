"""Metadata as XML text: nested names and values, laid out as Salesforce's own tools do, and read back."""

from collections.abc import Sequence
from typing import Union
from xml.etree import ElementTree as ET

Node = Sequence[tuple[str, Union[str, "Node"]]]
NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def written(root: str, node: Node) -> str:
    """The text of a file."""
    top = ET.Element(root, xmlns=NAMESPACE)
    _fill(top, node)
    ET.indent(top, "    ")
    return f"{HEAD}{ET.tostring(top, encoding='unicode')}\n"


def read(text: str) -> Node:
    """What a file says, below its root; ET.ParseError for what is not XML."""
    return _children(ET.fromstring(text))  # noqa: S314 - files of the project, which a person reviews


def _fill(element: ET.Element, node: Node) -> None:
    for name, value in node:
        child = ET.SubElement(element, name)
        if isinstance(value, str):
            child.text = value
        else:
            _fill(child, value)


def _children(element: ET.Element) -> Node:
    return [
        (child.tag.rpartition("}")[2], _children(child) if len(child) else (child.text or "").strip())
        for child in element
    ]
