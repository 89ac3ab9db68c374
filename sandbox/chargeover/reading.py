"""Request bodies: the fields that may be written, each in its type; references must name something that exists."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.money import amount
from sandbox.chargeover.table import Row

_TABLE_OF = {
    "terms_id": "terms",
    "currency_id": "currency",
    "admin_id": "admin",
    "brand_id": "brand",
    "language_id": "language",
    "campaign_id": "campaign",
    "class_id": "class",
    "customer_id": "customer",
    "parent_customer_id": "customer",
    "package_id": "package",
    "item_id": "item",
    "tierset_id": "tierset",
    "creditcard_id": "creditcard",
    "ach_id": "ach",
    "tokenized_id": "tokenized",
    "superuser_id": "user",
}


def written(company: Company, types: Mapping[str, str], writable: frozenset[str], body: Mapping[str, Any]) -> Row:
    """The writable fields of a body; fields an object does not know are ignored (unknown whether ChargeOver does)."""
    row = {name: typed(company, name, types[name], body[name]) for name in body if name in writable}
    for name, value in row.items():
        if value is not None and name in _TABLE_OF:
            company.row(_TABLE_OF[name], value, name)
    return row


def typed(company: Company, name: str, type_name: str, value: Any) -> Any:  # noqa: ANN401 -- any JSON value
    """A value of a body in the type of its field; refuses what does not fit."""
    if value is None or (value == "" and type_name not in {"text", "bool", "flag"}):
        return None
    if type_name in {"date", "datetime"}:
        return _moment(company, name, type_name, value)
    return _READERS[type_name](name, value)


def _whole(name: str, value: object) -> int:
    read = amount(value, name)
    if read != int(read):
        raise Refusal.invalid(name, value)
    return int(read)


def _text(name: str, value: object) -> str:
    if isinstance(value, bool | dict | list):
        raise Refusal.invalid(name, value)
    return str(value)


def _truth(name: str, value: object) -> bool:
    if value not in (True, False, "0", "1", "", "true", "false"):
        raise Refusal.invalid(name, value)
    return value in (True, "1", "true")


def _moment(company: Company, name: str, type_name: str, value: object) -> int | str:
    at = company.times.read(value) if isinstance(value, str) else None
    if at is None:
        raise Refusal.invalid(name, value)
    return at if type_name == "datetime" else date.fromisoformat(str(value).strip()[:10]).isoformat()


_READERS: dict[str, Callable[[str, object], object]] = {
    "int": _whole,
    "money": lambda name, value: amount(value, name),
    "text": _text,
    "bool": _truth,
    "flag": lambda name, value: int(_truth(name, value)),
    "json": lambda _, value: value,
}


def needed(body: Mapping[str, Any], *names: str) -> None:
    """Refuse a body that lacks one of these parameters."""
    for name in names:
        if body.get(name) in (None, "", []):
            raise Refusal.missing(name)


def listed(body: Mapping[str, Any], name: str) -> list[Row]:
    """The objects in a list parameter, empty when it is absent."""
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Refusal.invalid(name, value)
    return value


def unique_external_key(company: Company, kind: str, key: object, own_id: int | None = None) -> None:
    """Refuse an external_key that another row of the type has [PHP SDK, example_error_external_key]."""
    if key not in (None, "") and any(row_id != own_id for row_id in company.tables[kind].ids_with("external_key", key)):
        raise Refusal(400, f"A {kind} with the external_key {key!r} already exists.")
