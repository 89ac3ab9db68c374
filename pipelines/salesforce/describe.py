"""Describe answers read into shapes: which fields an sObject has, and what may be written into them."""

from collections.abc import Mapping
from typing import Any

from pipelines.mapping.shape import FieldShape, SObjectShape


def shape_of(answer: Mapping[str, Any]) -> SObjectShape:
    """The shape in a describe answer (REST API guide); fields without field-level security are not in it."""
    fields = [field_of(entry) for entry in answer.get("fields", [])]
    return SObjectShape(
        name=str(answer["name"]),
        label=str(answer.get("label") or answer["name"]),
        fields={one.name: one for one in fields},
        createable=bool(answer.get("createable")),
        updateable=bool(answer.get("updateable")),
    )


def field_of(entry: Mapping[str, Any]) -> FieldShape:
    """The shape in one entry of a describe answer's fields."""
    return FieldShape(
        name=str(entry["name"]),
        type=str(entry["type"]),
        label=str(entry.get("label") or entry["name"]),
        length=int(entry.get("length") or 0),
        precision=int(entry.get("precision") or 0),
        scale=int(entry.get("scale") or 0),
        digits=int(entry.get("digits") or 0),
        createable=bool(entry.get("createable")),
        updateable=bool(entry.get("updateable")),
        nillable=bool(entry.get("nillable")),
        defaulted_on_create=bool(entry.get("defaultedOnCreate")),
        external_id=bool(entry.get("externalId")),
        unique=bool(entry.get("unique")),
        id_lookup=bool(entry.get("idLookup")),
        restricted=bool(entry.get("restrictedPicklist")),
        values=tuple(str(one["value"]) for one in entry.get("picklistValues") or () if one.get("active")),
        reference_to=tuple(str(name) for name in entry.get("referenceTo") or ()),
        relationship_name=entry.get("relationshipName"),
        calculated=bool(entry.get("calculated")),
        auto_number=bool(entry.get("autoNumber")),
    )
