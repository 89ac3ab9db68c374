"""Which objects change when records of another one do, in one step or several."""

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.object import Object


def touching(kind: Object) -> int:
    """How many steps a record of this object may touch away: transaction, invoice, package, customer."""
    return max((1 + touching(CATALOG[name]) for name in kind.touches if name != kind.name), default=0)


def reached(kind: Object) -> set[str]:
    """The object, and those that its records may touch in one step or several."""
    return {kind.name}.union(*(reached(CATALOG[name]) for name in kind.touches if name != kind.name))
