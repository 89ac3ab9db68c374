"""What an object and its fields are: the facts that describe shows and that validation goes by."""

from dataclasses import dataclass, field, replace
from typing import Self

TEXT_TYPES = frozenset({"string", "textarea", "email", "phone", "url", "picklist", "multipicklist"})
NUMBER_TYPES = frozenset({"int", "double", "currency", "percent"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a picklist."""

    value: str
    label: str
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field; `on_delete` is what deleting the row it points at does: none, set_null, restrict or cascade."""

    name: str
    type: str
    label: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    digits: int = 0
    createable: bool = True
    updateable: bool = True
    nillable: bool = True
    defaulted_on_create: bool = False
    external_id: bool = False
    unique: bool = False
    case_sensitive: bool = False
    id_lookup: bool = False
    name_field: bool = False
    auto_number: str = ""
    calculated: bool = False
    choices: tuple[Choice, ...] = ()
    restricted: bool = False
    reference_to: tuple[str, ...] = ()
    relationship_name: str | None = None
    child_relationship: str | None = None
    master_detail: bool = False
    relationship_order: int | None = None
    on_delete: str = "none"
    compound: str | None = None
    permissionable: bool = True
    default: bool | str | None = None
    html: bool = False
    extra_type: str | None = None
    help: str | None = None

    @property
    def custom(self) -> bool:
        """Whether an admin made the field."""
        return self.name.endswith("__c")

    @property
    def is_key(self) -> bool:
        """Whether rows can be found by it: externalId or idLookup (verified: Contact by Email in a recorded org)."""
        return self.external_id or self.id_lookup

    @property
    def required(self) -> bool:
        """Whether an insert needs it: createable, not nillable, not defaulted on create (verified)."""
        return self.createable and not self.nillable and not self.defaulted_on_create

    @property
    def long_text(self) -> bool:
        """Whether it is a text that SOQL can neither filter nor sort (verified in the recorded describes)."""
        return self.type == "textarea" and self.length > 255

    def read_only(self) -> Self:
        """The field as it looks with read access only."""
        return replace(self, createable=False, updateable=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One object with its fields in the order of describe."""

    name: str
    label: str
    plural: str
    prefix: str = ""
    createable: bool = True
    updateable: bool = True
    deletable: bool = True
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def custom(self) -> bool:
        """Whether an admin made the object."""
        return self.name.endswith("__c")
