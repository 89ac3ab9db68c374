"""What Salesforce refuses in a deployment: texts are those that users publish where they are known, else inferred."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.salesforce.deploying.archive import FIELD, OBJECT, SET, Archive, Component, Problem
from sandbox.salesforce.deploying.field_rules import field_problems
from sandbox.salesforce.deploying.right_rules import right_problems
from sandbox.salesforce.org import Org
from sandbox.salesforce.shape import Field, Shape

NAME: Final = re.compile(r"[A-Za-z](?!.*__)[A-Za-z0-9_]{0,38}[A-Za-z0-9]\Z|[A-Za-z]\Z")
NAME_RULE: Final = (
    "can only contain underscores and alphanumeric characters. It must be unique, begin with a letter, not include "
    "spaces, not end with an underscore, and not contain two consecutive underscores."
)
OF_OBJECTS: Final = ("deploymentStatus", "label", "nameField", "pluralLabel", "sharingModel")
LONGEST_LABEL, LONGEST_DESCRIPTION, LONGEST_HELP = 40, 1000, 510


@dataclass(frozen=True, slots=True)
class Known:
    """The org as it would be with the objects and fields of the archive: their components, and what is there."""

    shapes: Mapping[str, Shape]
    objects: Mapping[str, Component]
    fields: Mapping[str, Component]

    def has_object(self, name: str) -> bool:
        """Whether there is such an object, or will be."""
        return name in self.shapes or name in self.objects


def problems_of(org: Org, archive: Archive) -> list[Problem]:
    """Everything that is not taken, in the order of the components."""
    shapes = {name: table.shape for name, table in org.tables.items()}
    objects, fields = ({each.name: each for each in archive.of(kind)} for kind in (OBJECT, FIELD))
    known = Known(shapes, objects, fields)
    found = list(archive.problems)
    for component in archive.components:
        rules = {OBJECT: _object, FIELD: _field, SET: _set}[component.kind]
        found += [component.refused(text) for text in rules(org, known, component)]
    return found


def _object(_: Org, known: Known, component: Component) -> Iterator[str]:
    tree, name = component.tree, component.name
    if not name.endswith("__c"):
        if name not in known.shapes:
            yield f"Entity of type 'CustomObject' named '{name}' cannot be found"
        return
    if not NAME.match(name.removesuffix("__c")):
        yield f"The Object Name {name.removesuffix('__c')} {NAME_RULE}"
    missing = [tag for tag in OF_OBJECTS if tag not in tree.tags]
    yield from (f"Required field is missing: {tag}" for tag in missing)
    masters = [
        each for each in known.fields.values() if each.sobject == name and each.tree.text("type") == "MasterDetail"
    ]
    is_detail = bool(masters) or any(each.master_detail for each in _shape_fields(known, name))
    if not missing and (tree.text("sharingModel") == "ControlledByParent") != is_detail:
        yield f"Cannot set sharingModel to {tree.text('sharingModel')} on a CustomObject " + (
            "with a MasterDetail relationship field" if is_detail else "without a MasterDetail relationship field"
        )
    yield from _texts(component)


def _field(org: Org, known: Known, component: Component) -> Iterator[str]:
    if not known.has_object(component.sobject):
        yield f"Entity of type 'CustomObject' named '{component.sobject}' cannot be found"
        return
    name = component.own_name
    if not (name.endswith("__c") and NAME.match(name.removesuffix("__c"))):
        yield f"The Field Name {name} {NAME_RULE}"
    if not component.tree.text("label"):
        yield "Required field is missing: label"
    yield from _texts(component)
    yield from field_problems(org, known.shapes, known.fields, component, known.has_object)


def _set(_: Org, known: Known, component: Component) -> Iterator[str]:
    if not component.tree.text("label"):
        yield "Required field is missing: label"
    yield from right_problems(known.shapes, known.objects, known.fields, component.tree)


def _texts(component: Component) -> Iterator[str]:
    """Lengths as published for labels, descriptions and help."""
    most = {"label": LONGEST_LABEL, "description": LONGEST_DESCRIPTION, "inlineHelpText": LONGEST_HELP}
    for tag, length in most.items():
        if len(component.tree.text(tag)) > length:
            yield f"Value too long for field: {tag} maximum length is:{length}"


def _shape_fields(known: Known, name: str) -> list[Field]:
    return list(known.shapes[name].fields.values()) if name in known.shapes else []
