"""Field-level security: what the loader's permission sets let it see and write."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from sandbox.salesforce.shape import Field, Shape
from sandbox.salesforce.xmltree import read_tree


@dataclass(slots=True)
class Grants:
    """The union of the permission sets: "Object.Field" names, and for each object the rights create, edit, delete."""

    readable: set[str] = field(default_factory=set)
    editable: set[str] = field(default_factory=set)
    objects: dict[str, set[str]] = field(default_factory=dict)


def read_grants(root: Path) -> Grants:
    """What all permission sets of the project grant together; none at all would leave an org that shows nothing."""
    files = sorted((root / "permissionsets").glob("*.permissionset-meta.xml"))
    if not files:
        raise FileNotFoundError(
            f"{root}/permissionsets: no permission set, so no field would be visible; "
            "add one, or pass field_level_security=False"
        )
    grants = Grants()
    for file in files:
        _add(grants, file)
    return grants


def _add(grants: Grants, file: Path) -> None:
    tree = read_tree(file)
    for entry in tree.children("fieldPermissions"):
        name = entry.text("field")
        if entry.flag("readable") or entry.flag("editable"):
            grants.readable.add(name)
        if entry.flag("editable"):
            grants.editable.add(name)
    for entry in tree.children("objectPermissions"):
        rights = {right for right in ("Read", "Create", "Edit", "Delete") if entry.flag(f"allow{right}")}
        grants.objects.setdefault(entry.text("object"), set()).update(rights)


def visible(shapes: dict[str, Shape], grants: Grants) -> dict[str, Shape]:
    """The shapes as the loader sees them: a field or object that is not granted is absent (verified for fields)."""
    seen = {}
    for name, shape in shapes.items():
        rights = grants.objects.get(name, set())
        if name == "User":
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
