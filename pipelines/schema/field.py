"""One custom field as metadata: what a mapping needs it to be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipelines.schema.xml import Node

DESCRIBED: Final = {
    "Text": "string",
    "TextArea": "textarea",
    "LongTextArea": "textarea",
    "Html": "textarea",
    "Number": "double",
    "Currency": "currency",
    "Percent": "percent",
    "Checkbox": "boolean",
    "Date": "date",
    "DateTime": "datetime",
    "Time": "time",
    "Picklist": "picklist",
    "MultiselectPicklist": "multipicklist",
    "Url": "url",
    "Email": "email",
    "Phone": "phone",
    "Lookup": "reference",
    "MasterDetail": "reference",
}
"""Metadata type: what describe calls it (recorded describes)."""
NUMBERS: Final = frozenset({"Number", "Currency", "Percent"})
RELATIONS: Final = frozenset({"Lookup", "MasterDetail"})
PICKLISTS: Final = frozenset({"Picklist", "MultiselectPicklist"})
_LINES: Final = {"LongTextArea": "3", "Html": "10", "MultiselectPicklist": "4"}
_NEVER_REQUIRED: Final = frozenset({"LongTextArea", "Html", "Checkbox", "MasterDetail"})
_most_label, _most_description = 40, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a picklist."""

    name: str
    label: str
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A custom field; ``kind`` is its metadata type."""

    name: str
    kind: str
    label: str = ""
    description: str = ""
    help: str = ""
    length: int = 0
    precision: int = 18
    scale: int = 0
    values: tuple[Value, ...] = ()
    restricted: bool = False
    is_key: bool = False
    """Whether it is an external id, which is always unique here."""
    external_id: bool = False
    unique: bool = False
    case_sensitive: bool = False
    required: bool = False
    parent: str = ""
    relationship: str = ""
    children_label: str = ""
    on_parent_delete: str = "SetNull"
    default: str = ""

    @property
    def is_granted(self) -> bool:
        """Whether a permission set may name it: required fields and master-detail must not be listed."""
        return not self.required and self.kind != "MasterDetail"

    @property
    def words(self) -> str:
        """Type and size in words."""
        if self.kind in RELATIONS:
            return f"{self.kind} to {self.parent}"
        if self.kind in PICKLISTS:
            rule = "restricted " if self.restricted else ""
            return f"{rule}{self.kind}: {', '.join(value.name for value in self.values)}"
        size = f" {self.precision},{self.scale}" if self.kind in NUMBERS else f" {self.length}" if self.length else ""
        return f"{self.kind}{size}{', unique external id' if self.is_key else ''}"

    def node(self) -> Node:
        """The content of its file: the name first, the rest by name, as Salesforce's own tools write it."""
        said = dict(self._said())
        return [("fullName", self.name), *sorted(said.items())]

    def _said(self) -> Iterator[tuple[str, str | Node]]:
        yield "type", self.kind
        yield "label", (self.label or label_of(self.name))[:_most_label]
        if self.description:
            yield "description", self.description[:_most_description]
        if self.help:
            yield "inlineHelpText", self.help
        if self.kind not in _NEVER_REQUIRED:
            yield "required", _truth(self.required)
        if self.kind in _LINES:
            yield "visibleLines", _LINES[self.kind]
        if self.length:
            yield "length", str(self.length)
        yield from self._default()
        yield from self._numbers()
        yield from self._uniqueness()
        yield from self._relation()
        if self.kind in PICKLISTS:
            yield "valueSet", self._value_set()

    def _default(self) -> Iterator[tuple[str, str]]:
        if self.default or self.kind == "Checkbox":
            yield "defaultValue", self.default or "false"

    def _numbers(self) -> Iterator[tuple[str, str]]:
        if self.kind in NUMBERS:
            yield "precision", str(self.precision)
            yield "scale", str(self.scale)

    def _uniqueness(self) -> Iterator[tuple[str, str]]:
        external, unique = self.is_key or self.external_id, self.is_key or self.unique
        if external:
            yield "externalId", "true"
        if self.kind == "Text" or unique:
            yield "unique", _truth(unique)
        if self.kind == "Text" and unique:
            yield "caseSensitive", _truth(self.case_sensitive)

    def _relation(self) -> Iterator[tuple[str, str]]:
        if self.kind not in RELATIONS:
            return
        yield "referenceTo", self.parent
        yield "relationshipName", self.relationship
        yield "relationshipLabel", self.children_label
        if self.kind == "Lookup":
            yield "deleteConstraint", self.on_parent_delete
        else:
            yield "relationshipOrder", "0"
            # else Salesforce refuses each update that names the parent
            yield "reparentableMasterDetail", "true"
            yield "writeRequiresMasterRead", "false"

    def _value_set(self) -> Node:
        values: Node = [
            ("value", [("fullName", each.name), ("default", _truth(each.default)), ("label", each.label)])
            for each in self.values
        ]
        return [("restricted", _truth(self.restricted)), ("valueSetDefinition", [("sorted", "false"), *values])]


def label_of(name: str) -> str:
    """What people read for an API name: Due Date for Due_Date__c."""
    return name.removesuffix("__c").replace("_", " ")


def _truth(flag: bool) -> str:  # noqa: FBT001 - the only argument
    return "true" if flag else "false"
