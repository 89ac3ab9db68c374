"""What a run wants to be staged, and how much of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipelines.chargeover.object import Object
from pipelines.mapping.model import Mapping
from pipelines.sync.staging import Dataset


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
    whole_of: Collection[str] = ()
    """Objects of which all records are to be read, whatever changed."""
    renewed: Collection[str] = ()
    """The sObjects for which they are to be read, so that all their rows follow an edited mapping."""
    accept_deletes: bool = False
    """A person agrees that many records are gone: what the brake has held back is read whole and believed."""

    def reads_all_of(self, object_name: str) -> bool:
        """Whether all records of an object are to be read."""
        return self.whole or object_name in self.whole_of

    def renews(self, sobject: str) -> bool:
        """Whether rows of an sObject are to follow an edited mapping though their records did not change."""
        return self.whole or sobject in self.renewed
