"""Shapes: how each sObject of the org looked when it was last asked, so that all processes ask it once in a while."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from pipelines.ledger.database import slices, upsert
from pipelines.ledger.tables import shapes
from pipelines.mapping.drift import Drift
from pipelines.mapping.shape import FieldShape, SObjectShape

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Look:
    """How an sObject looked (None: it was not there), as of when, and how that differed from before."""

    shape: SObjectShape | None
    last_modified: str
    """Salesforce's own word for the state; empty when it is to be read whole."""
    checked_at: datetime
    """When the org last confirmed it."""
    read_at: datetime
    """When it was last read whole."""
    drift: tuple[Drift, ...] = ()


def read(connection: Connection, sobjects: Iterable[str]) -> dict[str, Look]:
    """The last look of these sObjects; those that were never looked at are not there."""
    found: dict[str, Look] = {}
    for some in slices(shapes.c.sobject, sobjects):
        for row in connection.execute(select(shapes).where(some)):
            look = _look(row.last_modified, row.checked_at, json.loads(row.shape))
            if look is not None:
                found[row.sobject] = look
    return found


def keep(connection: Connection, looks: Mapping[str, Look]) -> None:
    """Keep the last look of each sObject."""
    upsert(connection, shapes, [_values(sobject, look) for sobject, look in looks.items()])


def doubt(connection: Connection, sobject: str) -> None:
    """Let the next run read the sObject whole; how it looked stays, to tell what changed."""
    connection.execute(update(shapes).where(shapes.c.sobject == sobject).values(last_modified="", checked_at=_NEVER))


def _values(sobject: str, look: Look) -> dict[str, Any]:
    drift = [[each.field, each.text, each.noticed_at.isoformat()] for each in look.drift]
    kept = {"shape": look.shape, "read_at": look.read_at.isoformat(), "drift": drift}
    text = json.dumps(kept, ensure_ascii=False, default=_plain)
    return {
        "sobject": sobject,
        "last_modified": look.last_modified,
        "checked_at": look.checked_at,
        "shape": text,
    }


def _plain(shape: SObjectShape | FieldShape) -> dict[str, Any]:
    """Its fields by name; ``asdict`` would copy each of the thousands of values."""
    return {each.name: getattr(shape, each.name) for each in fields(shape)}


def _look(last_modified: str, checked_at: datetime, kept: dict[str, Any]) -> Look | None:
    """None for what another version has written in other words: it is as if it was never asked."""
    try:
        drift = tuple(Drift(field, text, datetime.fromisoformat(at)) for field, text, at in kept["drift"])
        return Look(_shape(kept["shape"]), last_modified, checked_at, datetime.fromisoformat(kept["read_at"]), drift)
    except (KeyError, TypeError, ValueError):
        return None


def _shape(kept: dict[str, Any] | None) -> SObjectShape | None:
    if kept is None:
        return None
    return SObjectShape(**{**kept, "fields": {name: _field(field) for name, field in kept["fields"].items()}})


def _field(kept: dict[str, Any]) -> FieldShape:
    lists = {name: tuple(each) for name, each in kept.items() if isinstance(each, list)}
    return FieldShape(**{**kept, **lists})
