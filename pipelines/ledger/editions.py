"""Editions: under which mapping all records of an sObject were last read, and what was asked for since."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from pipelines.ledger.database import upsert
from pipelines.ledger.tables import editions


@dataclass(frozen=True, slots=True)
class Edition:
    """Each mapping is said by its source and its fingerprint, as a watermark says it."""

    everywhere: str = ""
    """The mapping under which all records were read; empty when it is not known, or not the same one for all."""
    asked: str = ""
    """The mapping for which all records were last asked to be read again."""
    asked_at: datetime | None = None
    tries: int = 0
    """How often they were asked for that mapping."""


def read(connection: Connection) -> dict[str, Edition]:
    """All editions by sObject."""
    return {sobject: Edition(*rest) for sobject, *rest in connection.execute(select(editions))}


def superseded(known: Mapping[str, Edition], mappings: Mapping[str, str]) -> list[str]:
    """The sObjects for which one of these mappings (by sObject) is another than the one that stands everywhere."""
    return [name for name, each in known.items() if each.everywhere not in {"", mappings.get(name, each.everywhere)}]


def begin(connection: Connection, mappings: Mapping[str, str]) -> None:
    """Rows are about to land under these mappings: another one no longer stands everywhere."""
    known = read(connection)
    for sobject in superseded(known, mappings):
        _keep(connection, sobject, replace(known[sobject], everywhere=""))


def complete(connection: Connection, sobject: str, mapping: str) -> None:
    """All records were read under this mapping."""
    _keep(connection, sobject, Edition(everywhere=mapping))


def ask(connection: Connection, sobject: str, mapping: str, at: datetime) -> None:
    """All records are asked to be read again for this mapping."""
    edition = read(connection).get(sobject, Edition())
    tries = edition.tries + 1 if edition.asked == mapping else 1
    _keep(connection, sobject, replace(edition, asked=mapping, asked_at=at, tries=tries))


def _keep(connection: Connection, sobject: str, edition: Edition) -> None:
    upsert(connection, editions, [{"sobject": sobject, **asdict(edition)}])
