"""Edited: which fields of a mapping say something else than when rows were made that are in Salesforce."""

from pipelines.ledger.ledger import Ledger
from pipelines.mapping.model import Mapping
from pipelines.sync.planning.planned import Edit


def edit_of(mapping: Mapping, ledger: Ledger) -> Edit | None:
    """What was edited since, and how many rows were made before; None when all were made under the mapping as it is."""
    made = {one: rows for one, rows in ledger.made_under(mapping.to).items() if one != mapping.fingerprint}
    if not made:
        return None
    said = ledger.mapping_parts(mapping.to)
    known = all(one in said for one in made)
    names = {name for one in made if known for name in _differing(said[one], mapping.parts)}
    return Edit(rows=sum(made.values()), parts=tuple(sorted(names)), on_change=mapping.on_change)


def _differing(before: dict[str, str], now: dict[str, str]) -> set[str]:
    return {name for name in {*before, *now} if before.get(name) != now.get(name)}
