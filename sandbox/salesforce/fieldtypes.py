"""Reads one field-meta.xml: the metadata types (Text, Number, Lookup ...) in terms of describe."""

from pathlib import Path
from typing import Final

from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.shape import Choice, Field
from sandbox.salesforce.xmltree import Tree

# Metadata type -> describe type; lengths that no one can choose are those of the recorded describes.
TYPES: Final = {
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
    "AutoNumber": "string",
}
LENGTHS: Final = {"TextArea": 255, "Picklist": 255, "Url": 255, "Email": 80, "Phone": 40, "AutoNumber": 30}
LONG_DEFAULT: Final = 32768


def read_field(tree: Tree, file: Path) -> Field:
    """The field that one field-meta.xml declares; a type the sandbox does not know is a ValueError naming the file."""
    kind = tree.text("type")
    if kind not in TYPES:
        known = ", ".join(sorted(TYPES))
        raise ValueError(f"{file}: field type {kind!r} is not one the sandbox knows ({known})")
    facts: dict[str, Json] = {}
    for read in (_sizes, _choices, _relation, _special):
        facts |= read(kind, tree)
    required = tree.flag("required") or kind == "MasterDetail"
    return Field(
        **{
            "name": tree.text("fullName") or file.name.removesuffix(".field-meta.xml"),
            "type": TYPES[kind],
            "label": tree.text("label") or tree.text("fullName"),
            "nillable": not required and kind != "Checkbox",
            "permissionable": not required,
            "external_id": tree.flag("externalId"),
            "unique": tree.flag("unique"),
            "case_sensitive": tree.flag("caseSensitive"),
            "help": tree.text("inlineHelpText") or None,
            **facts,
        }
    )


def _sizes(kind: str, tree: Tree) -> dict[str, Json]:
    if kind in {"Number", "Currency", "Percent"}:
        return {"precision": tree.number("precision", 18), "scale": tree.number("scale")}
    if kind in {"LongTextArea", "Html"}:
        return {"length": tree.number("length", LONG_DEFAULT), "html": kind == "Html"}
    if kind == "MultiselectPicklist":
        return {"length": 4099, "precision": tree.number("visibleLines", 3)}
    return {"length": tree.number("length", LENGTHS.get(kind, 0))}


def _choices(kind: str, tree: Tree) -> dict[str, Json]:
    value_set = tree.child("valueSet")
    if kind not in {"Picklist", "MultiselectPicklist"} or value_set is None:
        return {}
    definition = value_set.child("valueSetDefinition")
    values = definition.children("value") if definition else []
    choices = tuple(
        Choice(value.text("fullName"), value.text("label") or value.text("fullName"), value.flag("default"))
        for value in values
    )
    default = next((choice.value for choice in choices if choice.default), None)
    return {
        "choices": choices,
        "restricted": value_set.flag("restricted"),
        "default": default,
        "defaulted_on_create": default is not None,
    }


def _relation(kind: str, tree: Tree) -> dict[str, Json]:
    if kind not in {"Lookup", "MasterDetail"}:
        return {}
    master = kind == "MasterDetail"
    constraint = {"Restrict": "restrict", "Cascade": "cascade"}.get(tree.text("deleteConstraint"), "set_null")
    child = tree.text("relationshipName")
    return {
        "length": 18,
        "reference_to": (tree.text("referenceTo"),),
        "relationship_name": tree.text("fullName").removesuffix("__c") + "__r",
        "child_relationship": f"{child}__r" if child else None,
        "master_detail": master,
        "relationship_order": tree.number("relationshipOrder") if master else None,
        "updateable": not master or tree.flag("reparentableMasterDetail"),
        "on_delete": "cascade" if master else constraint,
    }


def _special(kind: str, tree: Tree) -> dict[str, Json]:
    if kind == "Checkbox":
        return {"defaulted_on_create": True, "default": tree.flag("defaultValue")}
    if kind == "AutoNumber":
        form = tree.text("displayFormat") or "{0}"
        return {"auto_number": form, "createable": False, "updateable": False, "nillable": False}
    if tree.text("formula"):
        length = 1300 if TYPES[kind] == "string" else 0
        return {"calculated": True, "createable": False, "updateable": False, "length": length}
    return {}
