"""Parts: what each mapping that rows were made under has said, a hash for each field, so that an edit can be named."""

import json
from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from pipelines.ledger.database import upsert
from pipelines.ledger.tables import parts, rows

Parts = dict[str, str]
_before_it = 25  # characters of an origin: the digest of the record and a blank


def read(connection: Connection, sobject: str) -> dict[str, Parts]:
    """The parts of all mappings that an sObject was ever loaded by, by fingerprint."""
    found = connection.execute(select(parts.c.mapping_fingerprint, parts.c.parts).where(parts.c.sobject == sobject))
    return {fingerprint: json.loads(text) for fingerprint, text in found}


def known(connection: Connection) -> set[tuple[str, str]]:
    """The mappings of which it is known what they say, each by sObject and fingerprint."""
    return set(connection.execute(select(parts.c.sobject, parts.c.mapping_fingerprint)).tuples())


def keep(connection: Connection, said: Mapping[tuple[str, str], Parts]) -> None:
    """Keep what mappings say."""
    values = [{"sobject": sobject, "mapping_fingerprint": fingerprint, "parts": json.dumps(each)}
            for (sobject, fingerprint), each in said.items()]  # fmt: skip
    upsert(connection, parts, values)


def made_under(connection: Connection, sobject: str) -> dict[str, int]:
    """How many rows that are in Salesforce now were made under each mapping; those of which it is not known are left
    out."""
    fingerprint = func.substr(rows.c.origin, _before_it + 1)
    here = (rows.c.sobject == sobject, rows.c.gone.is_(False), rows.c.origin != "")
    counted = select(fingerprint, func.count()).where(*here).group_by(fingerprint)
    return dict(connection.execute(counted).tuples().all())
