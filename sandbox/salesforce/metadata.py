"""Reads the source-format metadata of a project into shapes: objects, their fields, and the system fields they get."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from sandbox.salesforce.fieldtypes import read_field
from sandbox.salesforce.ids import custom_prefix
from sandbox.salesforce.shape import Field, Shape
from sandbox.salesforce.standard import standard_shapes
from sandbox.salesforce.standard.notation import read_fields
from sandbox.salesforce.xmltree import Tree, read_tree

SYSTEM_FIELDS: Final = """
Id               | id        | - | Record ID             | system id-lookup
OwnerId          | reference | - | Owner ID              | required defaulted always to=User as=Owner
IsDeleted        | boolean   | - | Deleted               | fixed always
Name             | string    | 80 | Name                 | always name-field id-lookup defaulted
CreatedDate      | datetime  | - | Created Date          | system
CreatedById      | reference | - | Created By ID         | system to=User as=CreatedBy
LastModifiedDate | datetime  | - | Last Modified Date    | system
LastModifiedById | reference | - | Last Modified By ID   | system to=User as=LastModifiedBy
SystemModstamp   | datetime  | - | System Modstamp       | system
"""


def find_root(path: Path) -> Path:
    """The folder that holds objects/ and permissionsets/, at `path` or below it (force-app/main/default)."""
    for candidate in (path, path / "main" / "default", path / "force-app" / "main" / "default"):
        if (candidate / "objects").is_dir():
            return candidate
    raise FileNotFoundError(f"{path}: no objects/ folder here nor in main/default: name a source-format project folder")


def read_shapes(root: Path, prefixes: Mapping[str, str] | None = None) -> dict[str, Shape]:
    """All objects by name: the standard ones with their custom fields, and the custom ones.

    `prefixes` keeps the key prefixes of an earlier org, so that its ids still name the right objects.
    """
    shapes = standard_shapes()
    taken = dict(prefixes or {})
    for folder in sorted((root / "objects").iterdir()):
        if not folder.is_dir():
            continue
        name = folder.name
        if name not in shapes:
            prefix = taken.get(name) or free_prefix(set(taken.values()) | {shape.prefix for shape in shapes.values()})
            shapes[name] = custom_object(name, read_tree(folder / f"{name}.object-meta.xml"), prefix)
        shapes[name] = with_fields(shapes[name], _custom_fields(folder))
    return shapes


def free_prefix(taken: set[str]) -> str:
    """The next key prefix of custom objects that none of these has."""
    return next(prefix for prefix in map(custom_prefix, range(62 * 62)) if prefix not in taken)


def with_fields(shape: Shape, fields: Mapping[str, Field]) -> Shape:
    """The object with these fields, new or changed."""
    return replace(shape, fields=_without_owner(shape.fields | dict(fields)))


def _custom_fields(folder: Path) -> dict[str, Field]:
    """The custom fields of an object; files about standard fields change nothing that the sandbox has."""
    files = sorted((folder / "fields").glob("*__c.field-meta.xml"))
    fields = [read_field(read_tree(file), file) for file in files]
    return {field.name: field for field in fields}


def custom_object(name: str, tree: Tree, prefix: str) -> Shape:
    """The object that an object file declares, with the fields that every custom object has."""
    label = tree.text("label") or name
    fields = read_fields(SYSTEM_FIELDS)
    fields["Name"] = _name_field(fields["Name"], tree)
    return Shape(name=name, label=label, plural=tree.text("pluralLabel") or label + "s", prefix=prefix, fields=fields)


def _name_field(field: Field, tree: Tree) -> Field:
    named = tree.child("nameField")
    if named is None:
        return field
    label = named.text("label") or field.label
    if named.text("type") != "AutoNumber":
        return replace(field, label=label)
    form = named.text("displayFormat") or "{0}"
    return replace(field, label=label, auto_number=form, createable=False, updateable=False, nillable=False)


def _without_owner(fields: dict[str, Field]) -> dict[str, Field]:
    """The detail side of a master-detail has no owner of its own (inferred from how describe shows details)."""
    if any(field.master_detail for field in fields.values()):
        return {name: field for name, field in fields.items() if name != "OwnerId"}
    return fields
