"""What ChargeOver has behind each row: the record or child that it is made from, with its parent's fields."""

from collections.abc import Iterable
from typing import Any

from pipelines.mapping.model import Mapping


def records_behind(mapping: Mapping, records: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The record of each row by external id; a child also shows its parent's fields, as ``invoice.total``."""
    rule = mapping.fields[mapping.external_id]
    found = {}
    for record in records:
        above = {f"{mapping.object}.{name}": value for name, value in record.items()}
        for own in record.get(mapping.children) or [] if mapping.children else [record]:
            shown = {**above, **own}
            found[(rule.join or "").join(str(shown.get(name)) for name in rule.sources)] = shown
    return found
