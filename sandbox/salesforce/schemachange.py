"""Changes that an administrator makes while the org runs: a field or an object hidden, changed, or shown again.

They last as long as the server, and are not part of the saved state.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Entity, Org
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
    _show(org, granted)
    if asked.get("stamped", True):
        now = org.clock.now().replace(microsecond=0)
        # Last-Modified counts in seconds
        org.schema_changed_at = max(now, org.schema_changed_at + timedelta(seconds=1))


def _show(org: Org, granted: Shape) -> None:
    own = {name: change for (sobject, name), change in org.changes.items() if sobject == granted.name}
    whole = own.pop(None, {"visible": True, "facts": {}})
    fields = {
        name: _changed(field, own[name]["facts"]) if name in own else field
        for name, field in granted.fields.items()
        if name not in own or own[name]["visible"]
    }
    org.seen.pop(granted.name, None)
    if whole["visible"]:
        org.seen[granted.name] = replace(granted, fields=fields, **whole["facts"])
    # a lookup is read by what the user may see of its parent
    org.entities = {name: Entity(org.tables[name], shape, org) for name, shape in org.seen.items()}
    org.described.clear()


def _changed(field: Field, facts: Mapping[str, Json]) -> Field:
    given = dict(facts)
    if "values" in given:
        given["choices"] = tuple(Choice(value, value) for value in given.pop("values"))
    if "reference_to" in given:
        given["reference_to"] = tuple(given["reference_to"])
    return replace(field, **given)
