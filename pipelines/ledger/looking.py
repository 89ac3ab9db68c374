"""The part of the ledger that knows how the org looked."""

from collections.abc import Iterable, Mapping

from pipelines.ledger import shapes
from pipelines.ledger.database import reading, writing
from pipelines.ledger.part import Part
from pipelines.ledger.shapes import Look


class Looking(Part):
    """The last look of each sObject of the org whose rows these are."""

    def looks(self, sobjects: Iterable[str]) -> dict[str, Look]:
        """How these sObjects looked; those that were never looked at are not there."""
        with reading(self._engine) as connection:
            return shapes.read(connection, sobjects)

    def keep_looks(self, looks: Mapping[str, Look]) -> None:
        """Keep how sObjects look now."""
        if looks:
            with writing(self._engine) as connection:
                shapes.keep(connection, looks)

    def doubt_look(self, sobject: str) -> None:
        """Let the next run read the sObject whole, whatever was kept."""
        with writing(self._engine) as connection:
            shapes.doubt(connection, sobject)
