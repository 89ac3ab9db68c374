"""After a load: hints that every mapping has followed are forgotten, and sweeps have come further."""

from collections.abc import Iterable, Sequence

from pipelines.ledger.ledger import Ledger
from pipelines.mapping.shelf import Shelf
from pipelines.sync.absent import note_absent
from pipelines.sync.reach import Marks, reach_of
from pipelines.sync.staged import Staged


def settle(ledger: Ledger, shelf: Shelf, loaded: Sequence[Staged]) -> None:
    """Forget what all mappings have followed, and remember how far the sweeps of what was loaded came.

    A sweep counts only for what all mappings of its object have loaded. Hints of an object stay while one of its files
    is broken; all of them while a file does not say its object."""
    names = {each.object: {one.to for one in shelf.mappings if one.object == each.object} for each in shelf.mappings}
    for name, read in {each.kind.name: each.records.manifest() for each in loaded}.items():
        note_absent(ledger, name, names[name], read.gone, read.end_at)
        if read.sweep is not None and names[name] <= {each.mapping.to for each in loaded}:
            ledger.keep_walk(name, "sweep", read.sweep)
    waiting = {each.object for each in shelf.broken}
    if not waiting:
        ledger.forget_watermarks(but=[each.to for each in shelf.mappings])
        ledger.forget_hints(but={each.object for each in shelf.mappings})
    if all(waiting):
        ledger.settle(_followed(shelf, ledger.watermarks(), names.keys() - waiting))


def _followed(shelf: Shelf, marks: Marks, names: Iterable[str]) -> dict[str, int]:
    """The number of the hint up to which all mappings of each of these objects have followed."""
    return {name: reach_of([each for each in shelf.mappings if each.object == name], marks).hint for name in names}
