"""The row state: the last content that Salesforce accepted for each row, and when ChargeOver was seen holding it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from pipelines.ledger.database import slices, upsert
from pipelines.ledger.tables import rows


@dataclass(frozen=True, slots=True)
class Known:
    """What Salesforce has accepted for one row; an empty fingerprint means that what it now holds is not certain."""

    object: str
    record_id: int
    fingerprint: str
    observed_at: datetime
    salesforce_id: str | None
    gone: bool = False
    slots: str = ""
    """Of the accepted payload (``mapping.slots``), for updates that send only what differs; empty when not known."""
    origin: str = ""
    """The record and the mapping that it was made from (``Row.origin``); empty when not known."""
    signal: str = ""
    """What led to the read at ``observed_at``; empty when not known."""


_KNOWN = (
    rows.c.external_id,
    rows.c.object,
    rows.c.record_id,
    rows.c.fingerprint,
    rows.c.observed_at,
    rows.c.salesforce_id,
    rows.c.gone,
    rows.c.slots,
    rows.c.origin,
    rows.c.signal,
)


def known(connection: Connection, sobject: str, external_ids: Iterable[str]) -> dict[str, Known]:
    """The state of those rows that were ever accepted, by external id."""
    found: dict[str, Known] = {}
    for among in slices(rows.c.external_id, external_ids):
        answer = connection.execute(select(*_KNOWN).where(rows.c.sobject == sobject, among))
        found |= {external_id: Known(*state) for external_id, *state in answer}
    return found


def landed(connection: Connection, sobject: str, external_ids: Iterable[str]) -> set[str]:
    """Those of the external ids that have a row in Salesforce now."""
    found: set[str] = set()
    for among in slices(rows.c.external_id, external_ids):
        here = select(rows.c.external_id).where(rows.c.sobject == sobject, rows.c.gone.is_(False), among)
        found |= set(connection.scalars(here))
    return found


def family(connection: Connection, sobject: str, object_name: str, record_ids: Iterable[int]) -> dict[str, Known]:
    """The rows that these top-level records of an object have in Salesforce now, by external id."""
    found: dict[str, Known] = {}
    own = (rows.c.sobject == sobject, rows.c.object == object_name, rows.c.gone.is_(False))
    for among in slices(rows.c.record_id, map(int, record_ids)):
        here = select(*_KNOWN).where(*own, among)
        found |= {external_id: Known(*state) for external_id, *state in connection.execute(here)}
    return found


def by_salesforce_id(connection: Connection, salesforce_id: str) -> list[tuple[str, str]]:
    """The rows, as (sobject, external id), that have this id of 15 or 18 characters."""
    has_it = rows.c.salesforce_id.startswith(salesforce_id[:15], autoescape=True)
    return list(connection.execute(select(rows.c.sobject, rows.c.external_id).where(has_it)).tuples())


def part(connection: Connection, sobject: str, number: int, parts: int) -> dict[str, Known]:
    """One of so many parts of the rows that are in Salesforce, spread over all by the id of their record."""
    mine = (rows.c.sobject == sobject, rows.c.gone.is_(False), rows.c.record_id % parts == number)
    return {external_id: Known(*state) for external_id, *state in connection.execute(select(*_KNOWN).where(*mine))}


def exchange(connection: Connection, sobject: str, states: Mapping[str, tuple[Known, Known]]) -> set[str]:
    """Put second states in the place of first ones that still stand; the external ids of those that did."""
    now = known(connection, sobject, states)
    standing = {key for key, (before, _) in states.items() if now.get(key) == before}
    keep(connection, [(sobject, key, states[key][1]) for key in standing])
    return standing


def count(connection: Connection, sobject: str) -> int:
    """How many rows the sObject has in Salesforce by our doing."""
    here = select(func.count()).select_from(rows).where(rows.c.sobject == sobject, rows.c.gone.is_(False))
    return int(connection.scalar(here) or 0)


def doubt(connection: Connection, sobject: str, external_ids: Iterable[str]) -> None:
    """Forget what these rows were last accepted with: until the next answer it is not certain what Salesforce holds."""
    for among in slices(rows.c.external_id, external_ids):
        connection.execute(update(rows).where(rows.c.sobject == sobject, among).values(fingerprint=""))


def keep(connection: Connection, states: Sequence[tuple[str, str, Known]]) -> None:
    """Store states of (sobject, external id)."""
    values = [
        {
            "sobject": sobject,
            "external_id": external_id,
            "object": state.object,
            "record_id": state.record_id,
            "salesforce_id": state.salesforce_id,
            "fingerprint": state.fingerprint,
            "observed_at": state.observed_at,
            "gone": state.gone,
            "slots": state.slots,
            "origin": state.origin,
            "signal": state.signal,
        }
        for sobject, external_id, state in states
    ]
    upsert(connection, rows, values)
