"""Digest: a short hash of a ChargeOver record as it was read, by which one that did not change is known again."""

import json
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from pipelines.chargeover.object import Object

_aging = "days_overdue"
"""Counts by itself, day after day."""


def digest_of(kind: Object, row: dict[str, Any]) -> str:
    """The hash of a record with its children, without what lists do not show and what changes by itself."""
    said = _said("", kind.fields, row, kind.by_id_only)
    for each in kind.children:
        found = row.get(each.name)
        children = [child for child in found if isinstance(child, dict)] if isinstance(found, list) else []
        said[each.name] = [_said(f"{each.name}.", each.fields, child, kind.by_id_only) for child in children]
    return blake2b(json.dumps(said, sort_keys=True, default=str).encode(), digest_size=12).hexdigest()


def _said(prefix: str, names: Iterable[str], row: dict[str, Any], hidden: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row and name != _aging and prefix + name not in hidden}
