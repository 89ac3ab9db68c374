"""Flights: requests under way. Salesforce may still take one whose sender was killed, after a newer one has landed."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, insert, select

from pipelines.ledger import inbox, rows
from pipelines.ledger.tables import flights

LONGEST = timedelta(minutes=13)
"""Salesforce ends a REST call after 10 minutes (limits cheat sheet), and clocks differ by two at most: what was sent
earlier can land no more."""


@dataclass(frozen=True, slots=True)
class Passenger:
    """One row of a request under way."""

    sobject: str
    external_id: str
    object: str
    record_id: int


def depart(connection: Connection, run_id: str, passengers: Sequence[Passenger], at: datetime) -> int:
    """Keep that a request with these rows is sent, and forget what they were accepted with before; its number."""
    _doubt(connection, passengers)
    said = json.dumps([[each.sobject, each.external_id, each.object, each.record_id] for each in passengers])
    made = connection.execute(insert(flights).values(run_id=run_id, sent_at=at, rows=said))
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def arrive(connection: Connection, number: int) -> None:
    """The request was answered, and the verdicts of its rows are recorded."""
    connection.execute(delete(flights).where(flights.c.id == number))


def recall(connection: Connection, at: datetime) -> int:
    """Let the rows of requests that were never answered be read and sent once more; how many requests.

    Only once Salesforce cannot take them any more: whatever was sent meanwhile, the last word is a newer one."""
    found = lost(connection, at)
    for number, said in found:
        passengers = [Passenger(*one) for one in json.loads(said)]
        _doubt(connection, passengers)
        for name in {each.object for each in passengers}:
            ids = [each.record_id for each in passengers if each.object == name]
            inbox.note(connection, name, ids, "unanswered", at)
        arrive(connection, number)
    return len(found)


def lost(connection: Connection, at: datetime) -> Sequence[Row[tuple[int, str]]]:
    """The numbers and rows of requests that were never answered, and that Salesforce cannot take any more."""
    return connection.execute(select(flights.c.id, flights.c.rows).where(flights.c.sent_at < at - LONGEST)).all()


def _doubt(connection: Connection, passengers: Sequence[Passenger]) -> None:
    by_sobject: dict[str, list[str]] = defaultdict(list)
    for each in passengers:
        by_sobject[each.sobject].append(each.external_id)
    for sobject, ids in by_sobject.items():
        rows.doubt(connection, sobject, ids)
