"""Changes that an administrator makes while the org runs: a field or an object hidden, changed, or shown again.

They last as long as the server, and are not part of the saved state.
"""

from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Final

from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Org
from sandbox.salesforce.shape import Choice, Field, Shape

FACTS: Final = frozenset(
    {"type", "label", "length", "precision", "scale", "createable", "updateable", "nillable", "external_id", "unique"}
    | {"restricted", "reference_to", "relationship_name", "calculated", "values"}
)


def change_schema(org: Org, asked: Mapping[str, Json]) -> None:
    """Takes {"sobject", "field" (none: the object itself), "visible", "facts": {name: value}, "stamped"}.

    Without field-level security a field is absent from describe and unknown to writes (verified). Whether a change of
    rights moves describe's Last-Modified is unknown: it does unless "stamped" is false.
    """
    sobject, name = str(asked.get("sobject")), asked.get("field")
    facts = asked.get("facts") or {}
    granted = org.granted.get(sobject)
    if granted is None or (name is not None and name not in granted.fields):
        raise ValueError(f"schema: the loader was never granted {sobject}{f'.{name}' if name else ''}")
    known = FACTS if name else {"createable", "updateable", "deletable"}
    if facts.keys() - known:
        raise ValueError(f"schema: no such facts {sorted(facts.keys() - known)}; there are {sorted(known)}")
    kept = org.changes.setdefault((sobject, name), {"visible": True, "facts": {}})
    kept["visible"] = bool(asked.get("visible", kept["visible"]))
    kept["facts"] |= facts
    show(org)
    if asked.get("stamped", True):
        org.stamp_schema()


def show(org: Org) -> None:
    """Lets the loader see what it was granted, as the changes leave it."""
    looks = {name: changed(org, granted) for name, granted in org.granted.items()}
    hidden = {key for key, change in org.changes.items() if not change["visible"]}
    org.view({name: _without(look, hidden) for name, look in looks.items() if (name, None) not in hidden})


def forget(org: Org, sobject: str, field: str | None) -> None:
    """Lets an object or a field be again what its metadata says, from the next `show` on."""
    org.changes.pop((sobject, field), None)


def changed(org: Org, shape: Shape) -> Shape:
    """The object with its fields as the changes leave them, hidden ones too."""
    own = {name: change["facts"] for (sobject, name), change in org.changes.items() if sobject == shape.name}
    fields = {name: _changed(field, own[name]) if own.get(name) else field for name, field in shape.fields.items()}
    return replace(shape, fields=fields, **own.get(None, {}))


def _without(shape: Shape, hidden: Container[tuple[str, str | None]]) -> Shape:
    fields = {name: field for name, field in shape.fields.items() if (shape.name, name) not in hidden}
    return replace(shape, fields=fields)


def _changed(field: Field, facts: Mapping[str, Json]) -> Field:
    given = dict(facts)
    if "values" in given:
        given["choices"] = tuple(Choice(value, value) for value in given.pop("values"))
    if "reference_to" in given:
        given["reference_to"] = tuple(given["reference_to"])
    return replace(field, **given)
