"""What an org says about an sObject and its fields, in the words of its describe answer."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldShape:
    """One field as describe shows it; a field without field-level security is not there at all (REST API guide)."""

    name: str
    type: str
    label: str
    length: int
    precision: int
    scale: int
    digits: int
    createable: bool
    updateable: bool
    nillable: bool
    defaulted_on_create: bool
    external_id: bool
    unique: bool
    id_lookup: bool
    restricted: bool
    values: tuple[str, ...]
    """The active picklist values."""
    reference_to: tuple[str, ...]
    relationship_name: str | None
    calculated: bool
    auto_number: bool
    labels: tuple[str, ...] = ()
    """Of the active picklist values, in their order."""
    default: str = ""
    """The default value: a picklist value, or a formula."""
    help: str = ""
    html: bool = False
    permissionable: bool = True
    """Whether field-level security is about it."""
    case_sensitive: bool = False

    @property
    def is_required(self) -> bool:
        """Required at insert (REST API guide, describe): createable, not nillable, without a default."""
        return self.createable and not self.nillable and not self.defaulted_on_create

    @property
    def written_type(self) -> str:
        """The type with its size: string(80), currency(16,2) with the digits before and behind the point."""
        if self.type in {"double", "currency", "percent"}:
            return f"{self.type}({self.precision - self.scale},{self.scale})"
        if self.type == "int" and self.digits:
            return f"int({self.digits})"
        is_text = self.length and self.type not in {"picklist", "multipicklist", "reference", "id"}
        return f"{self.type}({self.length})" if is_text else self.type


@dataclass(frozen=True, slots=True)
class SObjectShape:
    """One sObject as describe shows it to the user who is logged in."""

    name: str
    label: str
    fields: Mapping[str, FieldShape]
    createable: bool
    updateable: bool
