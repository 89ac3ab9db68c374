"""The part of the ledger that knows under which mappings records were read."""

from collections.abc import Mapping
from datetime import datetime

from pipelines.ledger import editions, parts
from pipelines.ledger.database import reading, writing
from pipelines.ledger.editions import Edition
from pipelines.ledger.part import Part
from pipelines.ledger.parts import Parts


class Editing(Part):
    """What an edit of a mapping file has led to so far."""

    def editions(self) -> dict[str, Edition]:
        """The edition of each sObject; of one that is not there nothing is known."""
        with reading(self._engine) as connection:
            return editions.read(connection)

    def begin_loading(self, mappings: Mapping[str, str]) -> None:
        """Rows are about to land under these mappings, given by sObject; told before the first is sent."""
        if editions.superseded(self.editions(), mappings):
            with writing(self._engine) as connection:
                editions.begin(connection, mappings)

    def complete(self, sobject: str, mapping: str) -> None:
        """All records have been read under this mapping and have their verdicts."""
        if self.editions().get(sobject, Edition()).everywhere != mapping:
            with writing(self._engine) as connection:
                editions.complete(connection, sobject, mapping)

    def ask_again(self, sobject: str, mapping: str, at: datetime) -> None:
        """All records are asked to be read again for this mapping."""
        with writing(self._engine) as connection:
            editions.ask(connection, sobject, mapping, at)

    def mapping_parts(self, sobject: str) -> dict[str, Parts]:
        """What each mapping says that the sObject was loaded by, by fingerprint: a hash for each field."""
        with reading(self._engine) as connection:
            return parts.read(connection, sobject)

    def keep_parts(self, said: Mapping[tuple[str, str], Parts]) -> None:
        """Keep what the mappings say that rows are made under now, by sObject and fingerprint."""
        with reading(self._engine) as connection:
            fresh = said.keys() - parts.known(connection)
        if fresh:
            with writing(self._engine) as connection:
                parts.keep(connection, {key: said[key] for key in fresh})

    def made_under(self, sobject: str) -> dict[str, int]:
        """How many rows in Salesforce were made under each mapping, by fingerprint."""
        with reading(self._engine) as connection:
            return parts.made_under(connection, sobject)
