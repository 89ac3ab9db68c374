"""The words in which the catalog declares a ChargeOver object."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


def fields(declaration: str) -> dict[str, str]:
    """Field name to type, from lines of ``type: name name ...``; ``custom*50`` stands for custom_1 to custom_50."""
    found: dict[str, str] = {}
    for line in declaration.strip().splitlines():
        type_name, names = line.strip().split(":")
        found |= {name: type_name for word in names.split() for name in _spread(word)}
    return found


def _spread(word: str) -> list[str]:
    stem, star, count = word.partition("*")
    return [f"{stem}_{n}" for n in range(1, int(count) + 1)] if star else [word]


@dataclass(frozen=True, slots=True)
class Children:
    """Records that live only inside another: line items, applied payments; ``key`` tells them apart in their parent."""

    name: str
    key: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Object:
    """One kind of ChargeOver thing: how it is asked for, what it holds, and what shows that it changed."""

    name: str
    key: str
    fields: Mapping[str, str]
    customer: str | None = "customer_id"
    children: tuple[Children, ...] = ()
    expand: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()
    """What a list row may lack although the record has it: then the record is read once more by id."""
    by_id_only: tuple[str, ...] = ()
    """What lists never show (``line_items.tierset``): left out, unless a mapping needs it; see ``deepened``."""
    cursors: tuple[str, ...] = ()
    """Time fields that can be filtered by; without any the object is read whole and compared."""
    open_set: str | None = None
    """Filter for the records that may change without moving a cursor."""
    unseen: str = ""
    """What these signals do not show; reading everything again shows all of it but deletes."""
    touches: Mapping[str, str] = field(default_factory=dict)
    """Object to path of ids (``applied_to.invoice_id``): what else changes when a record of this one appears."""

    def deepened(self) -> "Object":
        """The object with what lists never show: every record then costs a call of its own."""
        return replace(self, complete=(*self.complete, *self.by_id_only), by_id_only=())
