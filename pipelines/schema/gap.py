"""What the mappings need and the org lacks or has differently, and how each of it is mended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.mapping.fit import Misfit, fit
from pipelines.mapping.shape import FieldShape, SObjectShape
from pipelines.schema.amend import amended
from pipelines.schema.field import Field
from pipelines.schema.needs import Need
from pipelines.schema.rights import Shapes


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that does not fit; ``made`` is the field that a deployment would make of it."""

    need: Need
    misfit: Misfit
    needed: str
    has: str
    by_hand: str = ""
    """Why nothing is generated for it; empty when a deployment mends it."""
    made: Field | None = None


def gaps_of(needs: Sequence[Need], shapes: Shapes) -> list[Gap]:
    """Everything that does not fit, in loading order and by place in the mappings; what fits has none."""
    return [gap for need in needs for gap in _gaps(need, shapes.get(need.sobject))]


def _gaps(need: Need, shape: SObjectShape | None) -> Iterator[Gap]:
    wanted = {field.name.casefold(): field for field in need.fields}
    known = {name.casefold(): field for name, field in shape.fields.items()} if shape else {}
    for misfit in fit(need.mapping, shape):
        name = misfit.field.casefold()
        if not name:
            yield _of_object(need, misfit, shape)
        else:
            yield _of_field(need, misfit, wanted.get(name), known.get(name))


def _of_object(need: Need, misfit: Misfit, shape: SObjectShape | None) -> Gap:
    if shape is not None:
        return Gap(need, misfit, "the right to write it", "no such right")
    by_hand = "" if need.is_custom else "a permission set has to grant it"
    return Gap(need, misfit, f"an object with {len(need.fields)} fields", "nothing", by_hand)


def _of_field(need: Need, misfit: Misfit, wanted: Field | None, has: FieldShape | None) -> Gap:
    if wanted is None:
        by_hand = "" if has is None else "it is a field of Salesforce's own, or no rule of the mapping fills it"
        return Gap(need, misfit, "the right to write it" if has is None else "", _has(has), by_hand)
    made = wanted if has is None else amended(wanted, has)
    if isinstance(made, str):
        return Gap(need, misfit, wanted.words, _has(has), made)
    return Gap(need, misfit, wanted.words, _has(has), made=made)


def _has(has: FieldShape | None) -> str:
    """The field in describe's words."""
    if has is None:
        return "nothing"
    if has.values:
        return f"{'restricted ' if has.restricted else ''}{has.type}: {', '.join(has.values)}"
    if has.reference_to:
        return f"{has.type} to {' or '.join(has.reference_to)}"
    return has.written_type
