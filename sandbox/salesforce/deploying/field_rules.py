"""What Salesforce refuses in a custom field: by its type, its relationship, its values, and by what the org has."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from sandbox.salesforce.deploying.archive import Component
from sandbox.salesforce.fieldtypes import TYPES
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Org
from sandbox.salesforce.shape import Field, Shape
from sandbox.salesforce.xmltree import Tree

NUMBERS: Final = frozenset({"Number", "Currency", "Percent"})
LONG: Final = frozenset({"LongTextArea", "Html"})
RELATIONS: Final = frozenset({"Lookup", "MasterDetail"})
PICKLISTS: Final = frozenset({"Picklist", "MultiselectPicklist"})
KEYS: Final = frozenset({"Text", "Number", "Email"})
ONLY: Final = {
    "length": LONG | {"Text"},
    "precision": NUMBERS,
    "scale": NUMBERS,
    "visibleLines": LONG | {"MultiselectPicklist"},
    "externalId": KEYS | {"AutoNumber"},
    "unique": KEYS,
    "caseSensitive": frozenset({"Text", "Email"}),
    "referenceTo": RELATIONS,
    "relationshipName": RELATIONS,
    "relationshipLabel": RELATIONS,
    "deleteConstraint": frozenset({"Lookup"}),
    "relationshipOrder": frozenset({"MasterDetail"}),
    "reparentableMasterDetail": frozenset({"MasterDetail"}),
    "writeRequiresMasterRead": frozenset({"MasterDetail"}),
    "valueSet": PICKLISTS,
}
"""What only fields of some types may say: published for length of TextArea and relationshipOrder of Lookup, else
inferred."""
NEVER_REQUIRED: Final = LONG | {"Checkbox", "MasterDetail"}
NEEDS: Final = {
    "length": LONG | {"Text"},
    "precision": NUMBERS,
    "scale": NUMBERS,
    "visibleLines": LONG | {"MultiselectPicklist"},
    "defaultValue": frozenset({"Checkbox"}),
    "referenceTo": RELATIONS,
    "relationshipName": RELATIONS,
    "valueSet": PICKLISTS,
}
LENGTHS: Final = {"Text": (1, 255), "LongTextArea": (256, 131_072), "Html": (256, 131_072)}
MOST_DIGITS: Final = 18
LONGEST_VALUE: Final = 255


def field_problems(
    org: Org,
    shapes: Mapping[str, Shape],
    deployed: Mapping[str, Component],
    component: Component,
    has_object: Callable[[str], bool],
) -> Iterator[str]:
    """Why the field is not taken."""
    tree, kind = component.tree, component.tree.text("type")
    if kind not in TYPES:
        yield f"'{kind}' is not a valid value for the enum 'FieldType'"
        return
    wrong = list(_elements(tree, kind))
    yield from wrong
    if wrong:
        return
    yield from _sizes(tree, kind)
    yield from _values(tree, kind)
    if kind in RELATIONS:
        yield from _relation(shapes, deployed, component, has_object)
    yield from _against_the_org(org, shapes.get(component.sobject), component)


def _elements(tree: Tree, kind: str) -> Iterator[str]:
    for tag, kinds in ONLY.items():
        # false says nothing
        if tag in tree.tags and kind not in kinds and tree.text(tag) != "false":
            yield f"Can not specify '{tag}' for a CustomField of type {kind}"
    if "required" in tree.tags and kind in NEVER_REQUIRED:
        yield f"Can not specify 'required' for a CustomField of type {kind}"
    for tag, kinds in NEEDS.items():
        if tag not in tree.tags and kind in kinds:
            yield f"Must specify '{tag}' for a CustomField of type {kind}"


def _sizes(tree: Tree, kind: str) -> Iterator[str]:
    if kind in LENGTHS:
        least, most = LENGTHS[kind]
        if not least <= tree.number("length") <= most:
            yield f"Value for length must be between {least} and {most} for a CustomField of type {kind}"
    if kind in NUMBERS and not 0 <= tree.number("scale") <= tree.number("precision") <= MOST_DIGITS:
        yield f"Precision must be at most {MOST_DIGITS} and not less than scale"
    if tree.flag("caseSensitive") and not tree.flag("unique"):
        yield "Can not specify 'caseSensitive' for a CustomField that is not unique"


def _values(tree: Tree, kind: str) -> Iterator[str]:
    value_set = tree.child("valueSet")
    definition = value_set.child("valueSetDefinition") if value_set else None
    if kind not in PICKLISTS or definition is None:
        return
    names = [value.text("fullName") for value in definition.children("value")]
    if not all(names):
        yield "Picklist value must not be empty"
    for name, times in Counter(each.lower() for each in names).items():
        if times > 1:
            yield f"Duplicate label: {name}"
    yield from (f"Picklist value is too long: {name[:40]}" for name in names if len(name) > LONGEST_VALUE)


def _relation(
    shapes: Mapping[str, Shape],
    deployed: Mapping[str, Component],
    component: Component,
    has_object: Callable[[str], bool],
) -> Iterator[str]:
    tree = component.tree
    parent, name = tree.text("referenceTo"), tree.text("relationshipName")
    if not has_object(parent):
        yield f"referenceTo value of '{parent}' does not resolve to a valid sObject type"
        return
    if name in _taken(shapes, deployed, component, parent):
        label = shapes[parent].label if parent in shapes else parent
        yield f"There is already a Child Relationship named {name} on {label}."


def _taken(
    shapes: Mapping[str, Shape], deployed: Mapping[str, Component], component: Component, parent: str
) -> set[str]:
    """The relationship names below a parent: those of the org, and those of fields that come before in the archive."""
    found = {
        (field.child_relationship or "").removesuffix("__r")
        for shape in shapes.values()
        for field in shape.fields.values()
        if parent in field.reference_to and f"{shape.name}.{field.name}" not in deployed
    }
    for name, each in deployed.items():
        if name == component.name:
            return found
        if each.tree.text("referenceTo") == parent:
            found.add(each.tree.text("relationshipName"))
    return found


def _against_the_org(org: Org, shape: Shape | None, component: Component) -> Iterator[str]:
    """What the field that is there, and the rows, do not allow: no other type (some can be changed, which is not
    emulated), no other parent (text published by users), no master for rows that have none, no doubles when unique."""
    tree, kind = component.tree, component.tree.text("type")
    before = shape.fields.get(component.own_name) if shape else None
    rows = list(org.tables[component.sobject].rows.values()) if component.sobject in org.tables else []
    if before is None:
        if kind == "MasterDetail" and rows:
            yield "Cannot create a MasterDetail relationship field on an object that already has records"
    elif not _is_same_type(before, kind):
        yield f"Cannot change the type of the field {component.own_name} from {before.type} to {kind}"
    elif kind in RELATIONS and tree.text("referenceTo") not in before.reference_to:
        yield "Cannot update referenceTo"
    elif tree.flag("unique") and not before.unique and _doubles([row.get(before.name) for row in rows]):
        yield f"Cannot make {component.own_name} unique: there are records with the same value"


def _is_same_type(before: Field, kind: str) -> bool:
    long = {"LongTextArea", "Html"}
    if before.type == "textarea":
        return (before.long_text or before.html) == (kind in long) and before.html == (kind == "Html")
    return before.type == TYPES[kind] and before.master_detail == (kind == "MasterDetail")


def _doubles(values: list[Json]) -> bool:
    held = [str(value).lower() for value in values if value is not None]
    return len(held) != len(set(held))
