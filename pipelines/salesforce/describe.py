"""Describe answers read into shapes: which fields an sObject has, and what may be written into them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceGeneralError

from pipelines.errors import FixAccess
from pipelines.mapping.shape import FieldShape, SObjectShape
from pipelines.salesforce.connection import Connection, Faulty, said


@dataclass(frozen=True, slots=True)
class Description:
    """How an sObject looks to our user: None when it is not there, or we have no right to it."""

    shape: SObjectShape | None
    last_modified: str = ""
    """The header of this name, to be handed back as it is; empty when the answer had none."""


def describe(connection: Connection, sobject: str, since: str) -> Description | None:
    """The sObject as it is, None when it is as it was at the Last-Modified ``since`` (If-Modified-Since, REST API
    guide); FixAccess or TryLater when the org does not tell."""
    answers: list[requests.Response] = []
    try:
        answer = connection.call(lambda client: _ask(client, sobject, since, answers))
    except Faulty as fault:
        if fault.status == 404:
            return Description(None)
        raise said(fault, sobject=sobject) from None
    if answer is None:
        return None
    if not isinstance(answer, dict) or "name" not in answer:
        raise FixAccess(f"Salesforce: the description of {sobject!r} has no name; check the address of the org")
    return Description(shape_of(answer), answers[-1].headers.get("Last-Modified", ""))


def sobjects(connection: Connection) -> dict[str, str]:
    """The sObjects into which our user may write, name to label (REST API guide, describe global)."""
    try:
        answer = connection.call(lambda client: client.describe())
    except Faulty as fault:
        raise said(fault) from None
    entries = answer.get("sobjects", []) if isinstance(answer, dict) else []
    return {str(each["name"]): str(each.get("label") or each["name"]) for each in entries if each.get("createable")}


def _ask(client: Salesforce, sobject: str, since: str, answers: list[requests.Response]) -> Any:  # noqa: ANN401
    try:
        return client.restful(
            f"sobjects/{quote(sobject, safe='')}/describe",
            headers={"If-Modified-Since": since} if since else {},
            # the library hands out the body only
            hooks={"response": lambda response, **_: answers.append(response)},
        )
    except SalesforceGeneralError as error:
        if error.status == 304:
            return None
        raise


def shape_of(answer: Mapping[str, Any]) -> SObjectShape:
    """The shape in a describe answer (REST API guide); fields without field-level security are not in it."""
    fields = [field_of(entry) for entry in answer.get("fields", [])]
    return SObjectShape(
        name=str(answer["name"]),
        label=str(answer.get("label") or answer["name"]),
        fields={one.name: one for one in fields},
        createable=bool(answer.get("createable")),
        updateable=bool(answer.get("updateable")),
    )


def field_of(entry: Mapping[str, Any]) -> FieldShape:
    """The shape in one entry of a describe answer's fields."""
    values = [one for one in entry.get("picklistValues") or () if one.get("active")]
    return FieldShape(
        name=str(entry["name"]),
        type=str(entry["type"]),
        label=str(entry.get("label") or entry["name"]),
        length=int(entry.get("length") or 0),
        precision=int(entry.get("precision") or 0),
        scale=int(entry.get("scale") or 0),
        digits=int(entry.get("digits") or 0),
        createable=bool(entry.get("createable")),
        updateable=bool(entry.get("updateable")),
        nillable=bool(entry.get("nillable")),
        defaulted_on_create=bool(entry.get("defaultedOnCreate")),
        external_id=bool(entry.get("externalId")),
        unique=bool(entry.get("unique")),
        id_lookup=bool(entry.get("idLookup")),
        restricted=bool(entry.get("restrictedPicklist")),
        values=tuple(str(one["value"]) for one in values),
        reference_to=tuple(str(name) for name in entry.get("referenceTo") or ()),
        relationship_name=entry.get("relationshipName"),
        calculated=bool(entry.get("calculated")),
        auto_number=bool(entry.get("autoNumber")),
        labels=tuple(str(one.get("label") or one["value"]) for one in values),
        default=_default(entry, values),
        help=str(entry.get("inlineHelpText") or ""),
        permissionable=bool(entry.get("permissionable", True)),
        html=bool(entry.get("htmlFormatted")),
        case_sensitive=bool(entry.get("caseSensitive")),
    )


def _default(entry: Mapping[str, Any], values: Sequence[Mapping[str, Any]]) -> str:
    """That of a picklist stands at the value, that of a checkbox as truth, any other as a formula."""
    if values:
        return next((str(one["value"]) for one in values if one.get("defaultValue")), "")
    formula, value = entry.get("defaultValueFormula"), entry.get("defaultValue")
    return str(formula or "") if value is None else str(value).lower()
