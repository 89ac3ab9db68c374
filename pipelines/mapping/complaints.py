"""Pydantic's errors in the words of the mapping language, at the place in the file."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from pipelines.mapping.problem import Findings, Where, near_miss
from pipelines.mapping.scalars import quoted

SHAPES = {
    "from": "the name of a ChargeOver field, or a list of names",
    "as": "the name of a conversion, such as text, date or currency",
    "join": 'the text between several fields, such as ", "',
    "take": "first, for the first of several fields that has a value",
    "choices": "ChargeOver's words and ours, such as {open-unpaid: Unpaid}",
    "otherwise": "reject, null, keep or {value: Other}",
    "default": "one value",
    "value": "one value",
    "to": "the API name of an sObject, such as ChargeOver_Invoice__c",
    "external_id": "the API name of a field, such as ChargeOver_Id__c",
    "missing": "hold, null or reject",
    "only": "a field and what it must be: {is_void: false}, {state: [o, c]}, {memo: null} or {state: {not: c}}",
    "on_delete": "ignore, delete, or the fields to set, such as {Is_Deleted__c: true}",
    "nulls": "clear or leave",
    "on_change": "resync or from_now",
    "drift": "alert, take back or leave",
    "description": "one text",
    "owner": "one text",
}
_TOP = {"from": "a ChargeOver object, such as invoice, or its children, such as invoice.line_items"}
_WORDS = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "zoneinfo_str": "a time zone such as America/Chicago",
    "string_type": "one value",
}


def attempt(
    model: type[BaseModel], tree: Mapping[str, Any], where: Where, findings: Findings, keys: Iterable[str] = ()
) -> Any:  # noqa: ANN401 - the model that was asked for, or None
    """The tree as ``model``, or None with a problem noted for each place that does not fit."""
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        seen: set[Where] = set()
        for detail in error.errors(include_url=False, include_context=True):
            place = _place(detail["loc"], where, findings)
            if place not in seen:
                seen.add(place)
                _note(detail, place, where, findings, [*keys, *_keys(model)])
        return None


def _keys(model: type[BaseModel]) -> list[str]:
    hidden = {"options", "bound", "field"}
    return [each.alias or name for name, each in model.model_fields.items() if name not in hidden]


def _place(loc: tuple[str | int, ...], where: Where, findings: Findings) -> Where:
    """``loc`` without the names of union branches that pydantic puts into it."""
    found = where
    for part in loc:
        if (*found, part) in findings.places.values:
            found = (*found, part)
    return found


def _note(detail: Any, place: Where, where: Where, findings: Findings, keys: list[str]) -> None:  # noqa: ANN401
    kind, loc, given = detail["type"], detail["loc"], detail["input"]
    if kind == "missing":
        key = str(loc[-1])
        findings.at_key(where, f'"{key}" is missing; write {key}: and {shape_of(key, top=not where)}')
    elif kind == "extra_forbidden":
        word = str(loc[-1])
        findings.at_key(place, f"unknown key {quoted(word)}{near_miss(word, keys)}; known here: {', '.join(keys)}")
    else:
        near = near_miss(given, _expected(detail)) if isinstance(given, str) else ""
        findings.at_value(
            place, f"{described(given)} does not fit{_under(place)}{near}; write {_wanted(detail, place)}"
        )


def shape_of(key: str, *, top: bool) -> str:
    """What to write for a key, at the top of a file or inside a rule."""
    return (_TOP if top else {}).get(key, SHAPES.get(key, "a value"))


def described(given: object) -> str:
    """The value quoted, or its shape when it is not one value."""
    if isinstance(given, dict):
        return "a group of keys"
    if isinstance(given, (list, tuple)):
        return "a list"
    return "nothing" if given is None else quoted(given)


def _under(place: Where) -> str:
    names = [part for part in place if isinstance(part, str)]
    return f" under {names[-1]}" if names else ""


def _expected(detail: Any) -> list[str]:  # noqa: ANN401
    return [word.strip("' ") for word in str(detail.get("ctx", {}).get("expected", "")).replace(" or ", ",").split(",")]


def _wanted(detail: Any, place: Where) -> str:  # noqa: ANN401
    inside = bool(place) and place[0] in {"fields", "lookups"}
    keys = place[2:] if inside else place[:1]
    shape = next((part for part in reversed(keys) if isinstance(part, str) and part in SHAPES), None)
    if shape:
        return shape_of(shape, top=not inside)
    words = _WORDS.get(detail["type"])
    return words or str(detail["msg"]).removeprefix("Input should be ")
