"""The question to Salesforce about the rows of one mapping: which fields and parents' keys, of which types."""

from collections.abc import Collection
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass

from pipelines.errors import FixAccess
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.likeness import NUMBERS
from pipelines.mapping.model import Mapping
from pipelines.mapping.shape import FieldShape, SObjectShape
from pipelines.mapping.shelf import Shelf
from pipelines.salesforce.held import Asked
from pipelines.salesforce.org import Org


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the shape of each field and lookup of it, by their names in the mapping."""

    mapping: Mapping
    shapes: dict[str, FieldShape]
    asked: Asked

    def is_rich(self, name: str) -> bool:
        """Whether a field holds markup."""
        rule = self.mapping.fields.get(name)
        return rule is not None and rule.bound.conversion.name == "rich_text"


def question_of(org: Org, ledger: Ledger, shelf: Shelf, mapping: Mapping, names: Collection[str]) -> Question:
    """The question about these fields and lookups of a mapping, but lookups whose parent's file is broken; FixAccess
    when our user does not see one of them."""
    shape, parents = _shape(org, ledger, mapping), {each.to: each.external_id for each in shelf.mappings}
    names = [name for name in names if name in mapping.fields or mapping.lookups[name].to in parents]
    known = {name.casefold(): field for name, field in shape.fields.items()}
    missing = [name for name in (mapping.external_id, *names) if name.casefold() not in known]
    if missing:
        raise FixAccess(f"Salesforce {mapping.to}: {', '.join(missing)} cannot be read by our user; "
                        "co2sf check --live says more")  # fmt: skip
    shapes = {name: known[name.casefold()] for name in names if _is_ours(known[name.casefold()])}
    key = known[mapping.external_id.casefold()]
    asked = Asked(
        mapping.to,
        key.name,
        key.type in NUMBERS,
        {shapes[name].name: name for name in shapes if name in mapping.fields},
        {shapes[name].name: (name, _path(mapping, name, parents)) for name in shapes if name in mapping.lookups},
    )
    return Question(mapping, shapes, asked)


def _shape(org: Org, ledger: Ledger, mapping: Mapping) -> SObjectShape:
    look = ledger.looks([mapping.to]).get(mapping.to)
    described = None if look and look.shape else org.describe(mapping.to)
    shape = look.shape if look and look.shape else described.shape if described else None
    if shape is None:
        raise FixAccess(f"Salesforce has no sObject {mapping.to}, or our user may not see it; co2sf check --live says "
                        "more")  # fmt: skip
    return shape


def _is_ours(field: FieldShape) -> bool:
    """Not what Salesforce fills by itself."""
    return not (field.calculated or field.auto_number) and (field.createable or field.updateable)


def _path(mapping: Mapping, name: str, parents: Dictionary[str, str]) -> str:
    lookup = mapping.lookups[name]
    return f"{lookup.relationship}.{parents[lookup.to]}"
