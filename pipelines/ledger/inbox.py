"""The inbox: numbered hints that records may have changed, kept until every mapping of their object followed them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from pipelines.ledger.database import slices, upsert
from pipelines.ledger.tables import inbox, last_hint

Announced = Mapping[int, tuple[int, datetime]]
"""Record id to number and moment of the webhook that named it, where no other hint came after."""


@dataclass(frozen=True, slots=True)
class News:
    """What the inbox says of one object: the highest number given so far, and the numbers of its hints by record id."""

    number: int
    hints: dict[int, int]
    announced: Announced


def note(connection: Connection, object_name: str, record_ids: Iterable[int], signal: str, at: datetime) -> None:
    """Add hints; a record that is hinted at again gets a new number."""
    hinted = tuple(dict.fromkeys(map(int, record_ids)))
    if not hinted:
        return
    hint = {"object": object_name, "signal": signal, "noted_at": at}
    numbered = zip(hinted, _numbers(connection, len(hinted)), strict=True)
    upsert(connection, inbox, [{**hint, "record_id": record_id, "number": number} for record_id, number in numbered])


def add(connection: Connection, object_name: str, record_ids: Iterable[int], signal: str, at: datetime) -> None:
    """Add hints like ``note``, but a record that is hinted at by another signal keeps that one: ``take_back`` must not
    find it."""
    ids = set(record_ids)
    signals: dict[int, str] = {}
    for among in slices(inbox.c.record_id, ids):
        standing = select(inbox.c.record_id, inbox.c.signal).where(inbox.c.object == object_name, among)
        signals |= connection.execute(standing).tuples().all()
    for each in {signal, *signals.values()}:
        note(connection, object_name, (one for one in ids if signals.get(one, signal) == each), each, at)


def take_back(connection: Connection, object_name: str, record_ids: Iterable[int], signal: str) -> None:
    """Remove the hints of this signal at these records."""
    for among in slices(inbox.c.record_id, record_ids):
        connection.execute(delete(inbox).where(inbox.c.object == object_name, inbox.c.signal == signal, among))


def _numbers(connection: Connection, count: int) -> range:
    """So many new numbers, seen by others once the writer commits: they wait for it before they take theirs."""
    connection.execute(update(last_hint).values(number=last_hint.c.number + count))
    last = last_number(connection)
    return range(last - count + 1, last + 1)


def hinted_by(connection: Connection, object_name: str, signal: str) -> set[int]:
    """The records of the object whose last hint is of this signal, or of one that begins so."""
    begins = inbox.c.signal.startswith(signal, autoescape=True)
    ids = select(inbox.c.record_id).where(inbox.c.object == object_name, begins)
    return set(connection.scalars(ids))


def noted(connection: Connection, object_name: str, signal: str) -> dict[int, tuple[int, datetime]]:
    """Number and moment of the object's hints of this signal, by record id."""
    mine = select(inbox.c.record_id, inbox.c.number, inbox.c.noted_at)
    found = connection.execute(mine.where(inbox.c.object == object_name, inbox.c.signal == signal)).tuples()
    return {record_id: (number, noted_at) for record_id, number, noted_at in found}


def last_number(connection: Connection) -> int:
    """The highest number given so far."""
    return int(connection.execute(select(last_hint.c.number)).scalar_one())


def hints(connection: Connection, object_name: str, after: int) -> dict[int, int]:
    """The numbers above ``after`` of the object's hints, by record id."""
    above = select(inbox.c.record_id, inbox.c.number).where(inbox.c.object == object_name, inbox.c.number > after)
    return dict(connection.execute(above).tuples().all())


def newest(connection: Connection) -> dict[tuple[str, str], int]:
    """The highest number of the hints that are kept, by object and signal."""
    grouped = select(inbox.c.object, inbox.c.signal, func.max(inbox.c.number)).group_by(inbox.c.object, inbox.c.signal)
    return {(object_name, signal): number for object_name, signal, number in connection.execute(grouped)}


def oldest(connection: Connection, object_name: str, after: int) -> datetime | None:
    """When the oldest of the object's hints with a number above ``after`` was noted."""
    above = inbox.c.object == object_name, inbox.c.number > after
    found: datetime | None = connection.scalar(select(func.min(inbox.c.noted_at)).where(*above))
    return found


def news(connection: Connection, object_name: str, after: int) -> News:
    """The object's hints at one moment."""
    number = last_number(connection)
    return News(number, hints(connection, object_name, after), noted(connection, object_name, "webhook"))


def settle(connection: Connection, followed: Mapping[str, int]) -> None:
    """Remove the hints of each object numbered up to there."""
    upto = [and_(inbox.c.object == object_name, inbox.c.number <= until) for object_name, until in followed.items()]
    if upto:
        connection.execute(delete(inbox).where(or_(*upto)))


def forget(connection: Connection, but: Collection[str]) -> None:
    """Remove the hints of all objects but these."""
    connection.execute(delete(inbox).where(inbox.c.object.not_in(list(but))))
