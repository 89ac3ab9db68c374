"""Whether a mapping fits an org: what its describe says about every field that would be written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pipelines.mapping.create_only import is_create_only
from pipelines.mapping.fit_values import value_problems
from pipelines.mapping.model import Lookup, Mapping
from pipelines.mapping.problem import near_miss
from pipelines.mapping.scalars import quoted
from pipelines.mapping.shape import FieldShape, SObjectShape

__all__ = ["FieldShape", "Misfit", "SObjectShape", "fit"]

Severity = Literal["error", "warning"]
Constant = str | bool | None
Told = tuple[str, Severity]


@dataclass(frozen=True, slots=True)
class Misfit:
    """One way in which mapping and org disagree; an error would stop records, a warning may."""

    field: str
    text: str
    severity: Severity
    where: str = ""
    """file:line:column in the mapping."""

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


def fit(mapping: Mapping, shape: SObjectShape | None) -> tuple[Misfit, ...]:
    """What does not fit, in the order of the file; ``shape`` is None when the org does not show such an sObject."""
    if shape is None:
        text = f"the org has no sObject {quoted(mapping.to)}, or this user may not see it; deploy it, or grant access"
        return (Misfit("", text, "error", mapping.at("to")),)
    known = {name.casefold(): each for name, each in shape.fields.items()}
    found = [Misfit("", text, "error", mapping.at("to")) for text in _closed(shape)]
    for group, names in (("fields", mapping.fields), ("lookups", mapping.lookups), ("on_delete", _marks(mapping))):
        for name in names:
            field = known.get(name.casefold())
            told = _missing(name, shape) if field is None else _told(mapping, group, name, field)
            found += [Misfit(name, text, severity, mapping.at(group, name)) for text, severity in told]
    return (*found, *_unmapped(mapping, shape))


def _closed(shape: SObjectShape) -> Iterator[str]:
    for right, word in ((shape.createable, "create"), (shape.updateable, "edit")):
        if not right:
            yield f"this user may not {word} {shape.name} records; grant it in a permission set"


def _marks(mapping: Mapping) -> dict[str, Constant]:
    return mapping.on_delete if isinstance(mapping.on_delete, dict) else {}


def _missing(name: str, shape: SObjectShape) -> Iterator[Told]:
    near = near_miss(name, shape.fields)
    text = f"{shape.name} has no field {quoted(name)}, or this user has no field-level security for it{near}"
    yield f"{text}; deploy the field, or grant read and edit access to it", "error"


def _told(mapping: Mapping, group: str, name: str, field: FieldShape) -> Iterator[Told]:
    yield from _not_writeable(mapping, group, name, field)
    if name == mapping.external_id and group == "fields":
        yield from _not_a_key(field)
    if group == "lookups":
        yield from _wrong_lookup(mapping.lookups[name], field)
    elif group == "fields":
        yield from value_problems(mapping.fields[name], field, mapping.types)
    else:
        yield from _wrong_mark(_marks(mapping)[name], field)


def _not_writeable(mapping: Mapping, group: str, name: str, field: FieldShape) -> Iterator[Told]:
    if field.calculated or field.auto_number:
        what = "a formula" if field.calculated else "an auto-number"
        yield f"{field.name} is {what}: Salesforce fills it; remove it", "error"
    elif not field.createable and not field.updateable:
        yield f"{field.name} cannot be written; grant edit access to it, or remove it", "error"
    elif is_create_only(field) and name != mapping.external_id:
        yield from _never_updated(group, field)
    elif not field.createable:
        severity: Severity = "error" if name == mapping.external_id else "warning"
        text = f"{field.name} cannot be written when a record is created, so Salesforce refuses new records"
        yield f"{text}; grant edit access to it, or remove it", severity


def _never_updated(group: str, field: FieldShape) -> Iterator[Told]:
    """What is sent on create only: a detail never changes its parent, but an amount does."""
    text = f"{field.name} cannot be written when a record is updated"
    if group == "on_delete":
        yield f"{text}; mark deleted records in another field", "error"
    elif group == "fields":
        yield f"{text}: what changes later in ChargeOver does not reach it; grant edit access to it", "warning"


def _not_a_key(field: FieldShape) -> Iterator[Told]:
    if not (field.external_id or field.id_lookup):
        yield f"{field.name} is not an external id, so records cannot be found by it; mark it External ID", "error"
    elif not field.unique and field.name.lower() != "id":
        severity: Severity = "error" if field.external_id else "warning"
        yield f"{field.name} is not unique, so two records may carry the same id; mark it Unique", severity


def _wrong_lookup(lookup: Lookup, field: FieldShape) -> Iterator[Told]:
    if field.type != "reference":
        yield f"{field.name} is a {field.type} field, not a lookup; move it to fields", "error"
        return
    if lookup.to not in field.reference_to:
        others = " or ".join(field.reference_to) or "nothing"
        yield f"{field.name} looks up {others}, not {lookup.to}; correct to:, or the field", "error"
    if field.relationship_name and field.relationship_name.casefold() != lookup.relationship.casefold():
        yield f"the relationship of {field.name} is {field.relationship_name}, not {lookup.relationship}", "error"
    if field.is_required and lookup.missing == "null":
        yield f"{field.name} is required, and missing: null leaves it empty; write missing: hold", "warning"


def _wrong_mark(value: Constant, field: FieldShape) -> Iterator[Told]:
    if (field.type == "boolean") != isinstance(value, bool) and value is not None:
        yield f"{field.name} is a {field.type} field and cannot become {quoted(str(value).lower())}", "error"
    elif isinstance(value, str) and field.values and value not in field.values:
        near = near_miss(value, field.values)
        yield f"{quoted(value)} is not in the picklist {field.name}{near}", "error" if field.restricted else "warning"


def _unmapped(mapping: Mapping, shape: SObjectShape) -> Iterable[Misfit]:
    written = {name.casefold() for name in (*mapping.fields, *mapping.lookups)}
    for field in shape.fields.values():
        if field.is_required and field.type != "boolean" and field.name.casefold() not in written:
            text = f"{shape.name} requires {field.name} ({field.label}), and no rule fills it; add one under fields"
            yield Misfit(field.name, text, "error", mapping.at("fields"))
