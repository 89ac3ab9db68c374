"""Named records are read alone, by id: no watermark moves, no hint counts as followed."""

from collections.abc import Collection, Iterable

from pipelines.chargeover.many import read_many
from pipelines.chargeover.signals import Reading, Window
from pipelines.sync.source import Source
from pipelines.sync.stager import Stager
from pipelines.sync.staging import Manifest
from pipelines.sync.wanted import Wanted


def read_named(
    source: Source, wanted: Wanted, ids: Iterable[int], signal: str, renewing: Collection[str] = (), plan: str = ""
) -> Manifest:
    """Stage these records of an object, and say which of them ChargeOver no longer has."""
    stager, gone = Stager(wanted.kind, wanted.dataset.open(), source.zone), set[int]()
    chargeover, now = source.chargeover.on_behalf_of(signal), source.chargeover.now()
    for seen, lost in read_many(chargeover, wanted.kind, ids):
        stager.add(Reading(signal, seen.rows, seen.observed_at))
        gone.update(lost)
    return stager.close(
        Window(None, now),
        named=True,
        plan=plan,
        gone=tuple(sorted(gone)),
        renewing=tuple(renewing),
        accepted=bool(plan),  # a person has seen what goes
        ahead=chargeover.ahead,
        calls={signal: chargeover.own_calls(wanted.kind.name)},
    )
