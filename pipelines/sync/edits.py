"""Edits: the mappings whose old rows are to follow an edited file, and those that came, or came right, just now."""

from collections.abc import Collection
from datetime import datetime, timedelta

from pipelines.ledger.editions import Edition
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.model import Mapping
from pipelines.mapping.shelf import Shelf
from pipelines.sync.reach import Marks, behind, said_of, synced

_first_wait, _longest_wait = timedelta(seconds=30), timedelta(hours=1)


def to_resync(shelf: Shelf, ledger: Ledger, now: datetime) -> list[Mapping]:
    """Loaded mappings with ``on_change: resync`` of which not all records were read as they stand now, and which were
    not asked for a moment ago."""
    resyncing = [each for each in shelf.mappings if each.on_change == "resync"]
    loaded, editions = synced(resyncing, ledger.watermarks()), ledger.editions()
    return [each for each in resyncing if each.to in loaded and _is_due(each, editions.get(each.to, Edition()), now)]


def left_behind(shelf: Shelf, ledger: Ledger, names: Collection[str]) -> list[Mapping]:
    """Those of the named files that others of the same object are ahead of: what changed before they were there, or
    while they were broken, is read for them too."""
    marks = ledger.watermarks()
    return [each for each in shelf.mappings if each.path.name in names and _is_behind(each, shelf, marks)]


def _is_due(mapping: Mapping, edition: Edition, now: datetime) -> bool:
    if edition.everywhere == said_of(mapping):
        return False
    if edition.asked != said_of(mapping) or edition.asked_at is None:
        return True
    return now - edition.asked_at >= min(_first_wait * 2.0 ** (edition.tries - 1), _longest_wait)


def _is_behind(mapping: Mapping, shelf: Shelf, marks: Marks) -> bool:
    brothers = [each for each in shelf.mappings if each.object == mapping.object]
    return bool(synced(brothers, marks)) and mapping.to in behind(brothers, marks)
