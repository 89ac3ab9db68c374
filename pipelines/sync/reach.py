"""How far all mappings of an object have been synced: what comes after it must be read for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.chargeover.signals import Window
from pipelines.ledger.watermarks import Watermark
from pipelines.mapping.model import Mapping

Marks = dict[str, Watermark]
"""How far each mapping has been synced, by sObject."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Up to ``until_at`` by cursors, up to ``hint`` by the inbox; None and 0 when a mapping was never synced."""

    until_at: datetime | None
    hint: int
    waiting: tuple[str, ...] = ()
    """The sObjects that are further behind and wait for their turn."""

    def window(self, end_at: datetime, overlap: timedelta) -> Window:
        """From there, less the overlap; open at the start when a mapping was never synced."""
        return Window(min(self.until_at, end_at) - overlap if self.until_at else None, end_at)


def reach_of(mappings: Sequence[Mapping], marks: Marks, *, but: Sequence[str] = ()) -> Reach:
    """How far all of these mappings have been synced, ``but`` for some sObjects that wait."""
    known = synced(mappings, marks)
    current = [each.to for each in mappings if each.to not in but]
    if not current or any(each not in known for each in current):
        return Reach(None, 0)
    end_at, hint = min(known[each].end_at for each in current), min(known[each].hint for each in current)
    return Reach(end_at, hint, tuple(but))


def behind(mappings: Sequence[Mapping], marks: Marks) -> list[str]:
    """The sObjects that were never synced or are further behind than others of the same object: their mapping did not
    fit the org for a while, or is new. Reading back for them each time would read far too much."""
    known = synced(mappings, marks)
    newest = max((each.end_at for each in known.values()), default=None)
    return [each.to for each in mappings if each.to not in known or known[each.to].end_at != newest]


def synced(mappings: Sequence[Mapping], marks: Marks) -> dict[str, Watermark]:
    """The watermarks of these mappings; one that now reads another object was never synced."""
    return {each.to: marks[each.to] for each in mappings if each.to in marks and _is_of(each, marks[each.to])}


def said_of(mapping: Mapping) -> str:
    """How a watermark says which mapping it is of: its source and its fingerprint."""
    return f"{mapping.source} {mapping.fingerprint}"


def _is_of(mapping: Mapping, mark: Watermark) -> bool:
    source, blank, _ = mark.mapping_fingerprint.partition(" ")
    return source == mapping.source or not blank
