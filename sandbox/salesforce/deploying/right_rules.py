"""What Salesforce refuses in a permission set: fields that are not there or need no grant, rights without others."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from sandbox.salesforce.deploying.archive import Component
from sandbox.salesforce.shape import Shape
from sandbox.salesforce.xmltree import Tree

DEPENDS: Final = {
    "allowCreate": ("allowRead",),
    "allowEdit": ("allowRead",),
    "allowDelete": ("allowRead", "allowEdit"),
    "viewAllRecords": ("allowRead",),
    "modifyAllRecords": ("allowRead", "allowEdit", "allowDelete", "viewAllRecords"),
}
"""Which right needs which others (published)."""


def right_problems(
    shapes: Mapping[str, Shape], objects: Mapping[str, Component], fields: Mapping[str, Component], tree: Tree
) -> Iterator[str]:
    """Why the permission set is not taken."""
    names = [entry.text("field") for entry in tree.children("fieldPermissions")]
    for name, times in Counter(names).items():
        if times > 1:
            yield f"Duplicate fieldPermissions found for {name}"
        yield from _of_field(shapes, fields, name)
    for entry in tree.children("objectPermissions"):
        name = entry.text("object")
        if name not in shapes and name not in objects:
            yield f"In field: object - no CustomObject named {name} found"
        yield from _without(entry, name)


def _of_field(shapes: Mapping[str, Shape], fields: Mapping[str, Component], name: str) -> Iterator[str]:
    """Required fields, masters and names must not be listed (text inferred), parts of addresses are unknown."""
    sobject, _, field_name = name.partition(".")
    deployed, shape = fields.get(name), shapes.get(sobject)
    field = shape.fields.get(field_name) if shape else None
    if deployed is not None:
        if deployed.tree.flag("required") or deployed.tree.text("type") == "MasterDetail":
            yield f"You cannot deploy to a required field: {name}"
    elif field is None or (field.compound and field.compound != field_name):
        yield f"In field: field - no CustomField named {name} found"
    elif not field.permissionable:
        yield f"You cannot deploy to a required field: {name}"


def _without(entry: Tree, name: str) -> Iterator[str]:
    for right, needed in DEPENDS.items():
        missing = [each for each in needed if entry.flag(right) and not entry.flag(each)]
        if missing:
            others = ", ".join(f"{each} {name}" for each in missing)
            yield f"Permission {right} {name} depends on permission(s): {others}"
