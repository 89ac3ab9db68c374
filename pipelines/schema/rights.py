"""The permission set of the user that writes: every field that may be granted, and what is done with records."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pipelines.mapping.shape import SObjectShape
from pipelines.schema.needs import Need
from pipelines.schema.xml import Node

Shapes = Mapping[str, SObjectShape | None]
"""What the org shows of each sObject, None when it shows no such."""
NAME: Final = "ChargeOver_Sync"
_PART: Final = re.compile(
    r"(?P<address>Billing|Shipping|Mailing|Other)"
    r"(Street|City|State|PostalCode|Country|StateCode|CountryCode|Latitude|Longitude|GeocodeAccuracy)\Z"
)
_ALWAYS_SEEN: Final = {"Id", "Name", "FirstName", "LastName", "MiddleName", "Salutation", "Suffix", "IsActive"} | {
    "OwnerId",
    "RecordTypeId",
    "CurrencyIsoCode",
}
"""Standard fields without field-level security; inferred, as no list of them is published: a deployment that names one
is refused and says which."""


def permission_set(needs: Sequence[Need], shapes: Shapes) -> Node:
    """The content of its file; what the org shows may say that a field needs no grant.

    Salesforce may put the deployed set in the place of the one it has (whether it does is not documented), so that it
    is always written whole."""
    return [
        ("description", "For the user that writes ChargeOver records: all that the mappings need"),
        *(("fieldPermissions", _field(name)) for name in sorted(_granted(needs, shapes))),
        ("hasActivationRequired", "false"),
        ("label", "ChargeOver Sync"),
        *(("objectPermissions", _object(need)) for need in sorted(needs, key=lambda each: each.sobject)),
    ]


def _granted(needs: Sequence[Need], shapes: Shapes) -> set[str]:
    free = {f"{need.sobject}.{name}" for need in needs for name in _names(need)}
    every = [(name, field) for name, shape in shapes.items() if shape for field in shape.fields.values()]
    return free - {f"{name}.{field.name}" for name, field in every if not field.permissionable}


def _names(need: Need) -> Iterator[str]:
    """Required fields and those of a master must not be listed; parts of an address go by the whole."""
    yield from (field.name for field in need.fields if field.is_granted)
    for name in need.standard:
        part = _PART.match(name)
        if part:
            yield f"{part['address']}Address"
        elif name not in _ALWAYS_SEEN:
            yield name


def _field(name: str) -> Node:
    return [("editable", "true"), ("field", name), ("readable", "true")]


def _object(need: Need) -> Node:
    """Details have the rights of their master; who may not see private records needs rights over all of them."""
    deletes = need.mapping.on_delete == "delete"
    said = {
        "allowCreate": True,
        "allowDelete": deletes,
        "allowEdit": True,
        "allowRead": True,
        "modifyAllRecords": need.is_private and deletes,
        "viewAllRecords": not need.is_detail,
    }
    return sorted([("object", need.sobject), *((name, str(right).lower()) for name, right in said.items())])
