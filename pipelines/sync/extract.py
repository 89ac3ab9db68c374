"""Extract: what changed of some objects since their mappings were last synced, as staged parts of records."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from pipelines.chargeover.object import Object
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.model import Mapping
from pipelines.sync.extraction import Extraction
from pipelines.sync.reach import synced
from pipelines.sync.source import Source
from pipelines.sync.staging import Manifest
from pipelines.sync.wanted import Extent, Wanted
from pipelines.sync.watch import watch

_at_once = 8


def extract(
    source: Source, wanted: Sequence[Wanted], ledger: Ledger, mapped: Sequence[str], extent: Extent
) -> Iterator[tuple[Object, Manifest]]:
    """Stage objects that may touch each other; ``mapped`` names all objects that have a mapping.

    Watched lists come first, since they only leave hints. Then each object in turn, those that touch others before
    these, and what is hinted at until no new hint is left; only what the cursors show is asked for side by side. What
    is noticed is in the ledger before anything is staged: a run that dies forgets no change."""
    ledger.recall(source.chargeover.now())
    work = [supported(source, each) for each in wanted]
    marks, announced = ledger.watermarks(), {each.kind.name: ledger.announced(each.kind.name) for each in work}
    for each in work:
        is_synced = bool(synced(each.mappings, marks))
        watch(source, each.kind, ledger, now=extent.reads_all_of(each.kind.name) or not (extent.paced and is_synced),
              hint=is_synced)  # fmt: skip
    reading = [Extraction(source, each, ledger, mapped, extent, announced[each.kind.name], marks) for each in work]
    with ThreadPoolExecutor(_at_once) as pool:
        for extraction in reading:
            extraction.ask(pool)
        for extraction in reading:
            extraction.begin()
            extraction.follow()
    while any(extraction.follow() for extraction in reading) or _bring_children(reading):
        pass
    for extraction in reading:
        extraction.sweep()
        yield extraction.kind, extraction.close()


def _bring_children(reading: Sequence[Extraction]) -> bool:
    """Read what waits for owed records that were read: both may land in this run. Whether there was any.

    What waits among objects that this run does not read is hinted at once its parent has landed."""
    found = [each.children() for each in reading]
    brought = [each.bring({one for some in found for one in some.get(each.kind.name, ())}) for each in reading]
    return any(brought)


def supported(source: Source, wanted: Wanted) -> Wanted:
    """What is wanted, as this account supports it, and as deep as its mappings need it."""
    return Wanted(kind_of(source, wanted.kind, wanted.mappings), wanted.mappings, wanted.dataset)


def kind_of(source: Source, kind: Object, mappings: Sequence[Mapping]) -> Object:
    """An object as this account supports it, and as deep as these mappings need it."""
    kind = kind.supported(source.capabilities)
    return kind.deepened() if _needs_depth(kind, mappings) else kind


def _needs_depth(kind: Object, mappings: Sequence[Mapping]) -> bool:
    """Whether a mapping uses a field that ChargeOver shows only in the answer for a single record."""
    used = {
        f"{each.children}.{name}" if each.children and not name.startswith(f"{kind.name}.") else name
        for each in mappings
        for name in each.all_sources()
    }
    return any(path in used or f"{kind.name}.{path}" in used for path in kind.by_id_only)
