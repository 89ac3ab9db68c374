"""How a row looks in an answer."""

from collections.abc import Iterable
from typing import Final

from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.shape import Shape
from sandbox.salesforce.table import Row

ADDRESS_PARTS: Final = ("City", "Country", "GeocodeAccuracy", "Latitude", "Longitude", "PostalCode", "State", "Street")


def attributes(sobject: str, record_id: str, root: str) -> dict[str, str]:
    """The type and path that every row in an answer starts with (verified)."""
    return {"type": sobject, "url": f"{root}/sobjects/{sobject}/{record_id}"}


def value_of(shape: Shape, row: Row, name: str) -> Json:
    """A field's value; an address is put together from its parts (verified in a recorded answer)."""
    if shape.fields[name].type == "address":
        return _address(row, name.removesuffix("Address"))
    if name == "IsDeleted":
        return row.get(name, False)
    return row.get(name)


def render(shape: Shape, row: Row, names: Iterable[str], root: str) -> dict[str, Json]:
    """The named fields of a row, after its attributes."""
    shown: dict[str, Json] = {"attributes": attributes(shape.name, row["Id"], root)}
    for name in names:
        shown[name] = value_of(shape, row, name)
    return shown


def _address(row: Row, prefix: str) -> dict[str, Json] | None:
    parts = {part[0].lower() + part[1:]: row.get(prefix + part) for part in ADDRESS_PARTS}
    return parts if any(value is not None for value in parts.values()) else None
