"""Field-level security: what the loader's permission sets let it see and write."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from sandbox.salesforce.shape import Field, Shape
from sandbox.salesforce.xmltree import Tree, read_tree

RIGHTS: Final = ("Read", "Create", "Edit", "Delete")
ALWAYS_SEEN: Final = frozenset({"User", "PermissionSet", "PermissionSetAssignment"})


@dataclass(slots=True)
class Grants:
    """The union of the permission sets: "Object.Field" names, and for each object the rights create, edit, delete."""

    readable: set[str] = field(default_factory=set)
    editable: set[str] = field(default_factory=set)
    objects: dict[str, set[str]] = field(default_factory=dict)


def read_sets(root: Path) -> dict[str, Grants]:
    """What each permission set of the project grants; none at all would leave an org that shows nothing."""
    files = sorted((root / "permissionsets").glob("*.permissionset-meta.xml"))
    if not files:
        raise FileNotFoundError(
            f"{root}/permissionsets: no permission set, so no field would be visible; "
            "add one, or pass field_level_security=False"
        )
    return {file.name.partition(".")[0]: grants_of(read_tree(file)) for file in files}


def grants_of(tree: Tree) -> Grants:
    """What a permission set grants."""
    grants = Grants()
    for entry in tree.children("fieldPermissions"):
        name = entry.text("field")
        if entry.flag("readable") or entry.flag("editable"):
            grants.readable.add(name)
        if entry.flag("editable"):
            grants.editable.add(name)
    for entry in tree.children("objectPermissions"):
        rights = {right for right in RIGHTS if entry.flag(f"allow{right}")}
        grants.objects.setdefault(entry.text("object"), set()).update(rights)
    return grants


def profile_grants(shapes: Mapping[str, Shape]) -> Grants:
    """What a user's profile grants without any permission set: the standard objects and their fields (inferred)."""
    names = {f"{name}.{field}" for name, shape in shapes.items() if not shape.custom for field in shape.fields}
    return Grants(names, set(names), {name: set(RIGHTS) for name, shape in shapes.items() if not shape.custom})


def together(several: Iterable[Grants]) -> Grants:
    """What all of them grant together."""
    found = Grants()
    for each in several:
        found.readable |= each.readable
        found.editable |= each.editable
        for name, rights in each.objects.items():
            found.objects.setdefault(name, set()).update(rights)
    return found


def visible(shapes: Mapping[str, Shape], grants: Grants) -> dict[str, Shape]:
    """The shapes as the loader sees them: a field or object that is not granted is absent (verified for fields)."""
    seen = {}
    for name, shape in shapes.items():
        rights = grants.objects.get(name, set())
        if name in ALWAYS_SEEN:
            seen[name] = shape
        elif "Read" in rights:
            looks = (_as_seen(name, field, grants) for field in shape.fields.values())
            fields = {field.name: field for field in looks if field}
            seen[name] = replace(
                shape,
                fields=fields,
                createable=shape.createable and "Create" in rights,
                updateable=shape.updateable and "Edit" in rights,
                deletable=shape.deletable and "Delete" in rights,
            )
    return seen


def _as_seen(sobject: str, field: Field, grants: Grants) -> Field | None:
    """The field with the access that the sets give; the parts of an address follow the compound field (inferred)."""
    names = {f"{sobject}.{field.name}", f"{sobject}.{field.compound}"}
    if not field.permissionable or names & grants.editable:
        return field
    return field.read_only() if names & grants.readable else None
