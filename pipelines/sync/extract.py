"""Extract: what changed of one object since its mappings were last synced, as staged parts of records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.object import Object
from pipelines.chargeover.records import id_of
from pipelines.chargeover.signals import (
    OpenSet,
    Reading,
    Window,
    read_changes,
    read_everything,
    read_ids,
    touched_by,
)
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.model import Mapping
from pipelines.sync.stager import Stager
from pipelines.sync.staging import Dataset, Manifest

_owed_at_once = 2_000
_hints_at_most = 2_000  # beyond that reading everything takes fewer calls than reading one by one


@dataclass(frozen=True, slots=True)
class Source:
    """Where records come from and how far back a window reaches: the account, its time zone, the overlap."""

    chargeover: ChargeOver
    zone: ZoneInfo
    overlap: timedelta


def extract(
    source: Source, kind: Object, mappings: Sequence[Mapping], ledger: Ledger, dataset: Dataset, *, whole: bool = False
) -> Manifest:
    """Stage the records of one object that its ``mappings`` need now; ``whole`` reads all of them, whatever changed.

    What is noticed goes to the ledger's inbox before anything is staged: a run that dies forgets no change."""
    kind = kind.deepened() if _needs_depth(kind, mappings) else kind
    window = _window(source, kind, mappings, ledger)
    opened = OpenSet(before=ledger.open_marks(kind.name))
    stager = Stager(kind, dataset.open(), source.zone)
    for reading in _readings(source, kind, mappings, ledger, window, opened, whole=whole):
        stager.add(reading)
    ledger.remember_open(kind.name, opened.now)
    return stager.close(window)


def _needs_depth(kind: Object, mappings: Sequence[Mapping]) -> bool:
    """Whether a mapping uses a field that ChargeOver shows only in the answer for a single record."""
    used = {
        f"{each.children}.{name}" if each.children and not name.startswith(f"{kind.name}.") else name
        for each in mappings
        for name in each.all_sources()
    }
    return any(path in used or f"{kind.name}.{path}" in used for path in kind.by_id_only)


def _window(source: Source, kind: Object, mappings: Sequence[Mapping], ledger: Ledger) -> Window:
    """From the oldest watermark of the object's mappings, less the overlap; open at the start when one has none."""
    end_at = source.chargeover.now()
    until = synced_until(mappings, ledger)
    return Window(until - source.overlap if until and kind.cursors else None, end_at)


def synced_until(mappings: Sequence[Mapping], ledger: Ledger) -> datetime | None:
    """How far all of these mappings have been synced; None when there are none, or one never was."""
    known = ledger.watermarks()
    if any(each.to not in known for each in mappings):
        return None
    return min((known[each.to].end_at for each in mappings), default=None)


def _readings(
    source: Source,
    kind: Object,
    mappings: Sequence[Mapping],
    ledger: Ledger,
    window: Window,
    opened: OpenSet,
    *,
    whole: bool,
) -> Iterator[Reading]:
    taken: set[int] = set()
    if window.start_at is not None:
        for reading in read_changes(source.chargeover, kind, window, source.zone, opened, taken):
            _note(ledger, kind, reading, source)
            yield reading
    hinted = ledger.noted(kind.name, after=synced_until(mappings, ledger))
    if whole or window.start_at is None or len(hinted) > _hints_at_most:
        yield from _everything(source, kind, ledger, opened, taken)
    for signal, ids in {"hint": hinted, "owed": _owed(ledger, kind, mappings, window)}.items():
        for reading in read_ids(source.chargeover, kind, ids, signal, taken):
            _note_touched(ledger, kind, reading, source)
            yield reading


def _everything(source: Source, kind: Object, ledger: Ledger, opened: OpenSet, taken: set[int]) -> Iterator[Reading]:
    """All records; what this shows of the open set is noted too, for the mappings that do not load this time."""
    for reading in read_everything(source.chargeover, kind, opened, taken):
        _note_touched(ledger, kind, reading, source)
        yield reading
    if opened.before:
        ledger.note(kind.name, opened.changed(), "open set", source.chargeover.now())
        yield from read_ids(source.chargeover, kind, opened.left(), "left the open set", taken)


def _note(ledger: Ledger, kind: Object, reading: Reading, source: Source) -> None:
    _note_touched(ledger, kind, reading, source)
    if reading.signal != "cursor":
        found = {id_of(kind, row) for row in reading.rows} | set(reading.gone)
        ledger.note(kind.name, found, reading.signal, source.chargeover.now())


def _note_touched(ledger: Ledger, kind: Object, reading: Reading, source: Source) -> None:
    for name, ids in touched_by(kind, reading.rows).items():
        ledger.note(name, ids, f"touched by {kind.name}", source.chargeover.now())


def _owed(ledger: Ledger, kind: Object, mappings: Sequence[Mapping], window: Window) -> set[int]:
    """Records that have no good verdict yet and whose turn it is: due by time, or rejected by an older mapping."""
    found = set(ledger.due(kind.name, window.end_at, _owed_at_once))
    for each in mappings:
        found |= set(ledger.rejected_under(each.to, each.fingerprint))
    return found
