"""After a load: hints that every mapping has followed are forgotten, and sweeps have come further."""

from collections.abc import Sequence

from pipelines.ledger.ledger import Ledger
from pipelines.mapping.shelf import Shelf
from pipelines.sync.reach import reach_of
from pipelines.sync.staged import Staged


def settle(ledger: Ledger, shelf: Shelf, loaded: Sequence[Staged]) -> None:
    """Forget what all mappings have followed, and remember how far the sweeps of what was loaded came.

    Hints of an object stay while one of its files is broken; all of them while a file does not say its object."""
    for name, swept in {each.kind.name: each.records.manifest().sweep for each in loaded}.items():
        if swept is not None:
            ledger.keep_walk(name, "sweep", swept)
    waiting = {each.object for each in shelf.broken}
    if not waiting:
        ledger.forget_watermarks(but=[each.to for each in shelf.mappings])
        ledger.forget_hints(but={each.object for each in shelf.mappings})
    for name in {each.object for each in shelf.mappings} - waiting if all(waiting) else ():
        ledger.settle(name, reach_of([each.to for each in shelf.mappings if each.object == name], ledger).hint)
