"""Extract: what changed of some objects since their mappings were last synced, as staged parts of records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.chargeover.object import Object
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.model import Mapping
from pipelines.sync.extraction import Extraction
from pipelines.sync.source import Source
from pipelines.sync.staging import Dataset, Manifest
from pipelines.sync.watch import watch


@dataclass(frozen=True, slots=True)
class Wanted:
    """One object to be staged for its mappings."""

    kind: Object
    mappings: Sequence[Mapping]
    dataset: Dataset


@dataclass(frozen=True, slots=True)
class Extent:
    """How much to read: what is due by the pace, or all watched lists now, or all records."""

    paced: bool = False
    """Walk over watched lists only when it is their turn, within their budget."""
    whole: bool = False
    """Read all records, whatever changed."""
    accept_deletes: bool = False
    """A person agrees that many records are gone: what the brake has held back is read whole and believed."""


def extract(
    source: Source, wanted: Sequence[Wanted], ledger: Ledger, mapped: Sequence[str], extent: Extent = Extent()
) -> Iterator[tuple[Object, Manifest]]:
    """Stage objects that may touch each other; ``mapped`` names all objects that have a mapping.

    Watched lists come first, since they only leave hints. Then each object in turn, those that touch others before
    these, and what is hinted at until no new hint is left. What is noticed is in the ledger before anything is staged:
    a run that dies forgets no change."""
    work = [_supported(source, each) for each in wanted]
    synced = ledger.watermarks()
    for each in work:
        is_synced = any(mapping.to in synced for mapping in each.mappings)
        watch(source, each.kind, ledger, now=extent.whole or not (extent.paced and is_synced), hint=is_synced)
    reading = [Extraction(source, each.kind, each.mappings, ledger, each.dataset, mapped) for each in work]
    braked = ledger.brakes() if extent.accept_deletes else {}
    for extraction in reading:
        extraction.begin(whole=extent.whole or extraction.kind.name in braked)
        extraction.follow()
    while any(extraction.follow() for extraction in reading):
        pass
    for extraction in reading:
        yield extraction.kind, extraction.close(accept_deletes=extent.accept_deletes)


def _supported(source: Source, wanted: Wanted) -> Wanted:
    kind = wanted.kind.supported(source.capabilities)
    return Wanted(kind.deepened() if _needs_depth(kind, wanted.mappings) else kind, wanted.mappings, wanted.dataset)


def _needs_depth(kind: Object, mappings: Sequence[Mapping]) -> bool:
    """Whether a mapping uses a field that ChargeOver shows only in the answer for a single record."""
    used = {
        f"{each.children}.{name}" if each.children and not name.startswith(f"{kind.name}.") else name
        for each in mappings
        for name in each.all_sources()
    }
    return any(path in used or f"{kind.name}.{path}" in used for path in kind.by_id_only)
