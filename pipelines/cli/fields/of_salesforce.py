"""The fields of an sObject as lines: name, label, type, and what may be written."""

from typing import Any

from pipelines.mapping.shape import FieldShape, SObjectShape

_most = 6


def lines(shape: SObjectShape) -> list[dict[str, Any]]:
    """All fields: external ids, then required ones, then what can be written, then what cannot."""
    ordered = sorted(shape.fields.values(), key=lambda each: (_rank(each), each.name))
    return [
        {
            "field": each.name,
            "label": each.label,
            "type": each.written_type,
            "write": _writes(each),
            "notes": _notes(each),
        }
        for each in ordered
    ]


def _rank(field: FieldShape) -> int:
    if field.external_id:
        return 0
    if field.is_required and field.type != "boolean":
        return 1
    return 2 if field.createable or field.updateable else 3


def _writes(field: FieldShape) -> str:
    """When it can be written."""
    if field.createable and field.updateable:
        return "yes"
    if field.createable:
        return "on create"
    return "on update" if field.updateable else "no"


def _notes(field: FieldShape) -> str:
    marks = {
        "external id": field.external_id,
        "unique": field.unique,
        "required": field.is_required and field.type != "boolean",
        "formula": field.calculated,
        "auto-number": field.auto_number,
    }
    found = [word for word, holds in marks.items() if holds]
    if field.reference_to:
        found.append(f"looks up {' or '.join(field.reference_to)}")
    if field.values:
        more = f" and {len(field.values) - _most} more" if len(field.values) > _most else ""
        found.append(f"{'one of' if field.restricted else 'such as'} {', '.join(field.values[:_most])}{more}")
    return "; ".join(found)
