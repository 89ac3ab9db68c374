"""When an owed row is tried again: the rule, by its verdict.

- held: when the parent that it waits for lands (``waking``); with the next run when it waits for none that we know;
  and, lest a landing was missed, after waits that grow.
- rejected: when its record changes, or its mapping.
- refused: after waits that grow; at once when its record changes, or its mapping.

That a record changed is what the signals show. Whatever the reason, its record is read anew.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.ledger.tables import owed

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)


def due_at(outcome: Outcome, tries: int, at: datetime) -> datetime | None:
    """When a row is due that was tried just now, for so manieth a time; None: never by time."""
    if outcome.verdict is Verdict.REJECTED:
        return None
    if outcome.verdict is Verdict.HELD and outcome.awaits is None:
        return at
    return at + wait_after(tries)


def wait_after(tries: int) -> timedelta:
    """One minute after the first try, then twice as long each time, a day at most."""
    doublings: int = 2 ** min(tries - 1, 20)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def due(connection: Connection, object_name: str, sobjects: Collection[str], at: datetime, limit: int) -> list[int]:
    """Record ids to read again now, the one not tried for longest first."""
    # without a parent to wait for it is due whatever the clocks of the two machines say
    parentless = and_(owed.c.verdict == Verdict.HELD.value, owed.c.awaits_sobject.is_(None))
    ripe = or_(parentless, owed.c.due_at <= at)
    ours = and_(owed.c.object == object_name, owed.c.sobject.in_(list(sobjects)))
    ids = select(owed.c.record_id).where(ours, ripe).group_by(owed.c.record_id)
    return list(connection.scalars(ids.order_by(func.min(owed.c.last_at), owed.c.record_id).limit(limit)))


def came_due(connection: Connection, sobjects: Collection[str], since: datetime, until: datetime) -> bool:
    """Whether a row of these sObjects came due after ``since``: a run that read up to there has not tried it."""
    newly = (owed.c.sobject.in_(list(sobjects)), owed.c.due_at > since, owed.c.due_at <= until)
    return bool(connection.scalar(select(exists().where(*newly))))


def edited(connection: Connection, fingerprints: Mapping[str, str]) -> set[int]:
    """Record ids of rows that were tried under another mapping than the one that their sObject has now."""
    if not fingerprints:
        return set()
    others = [_other(sobject, fingerprint) for sobject, fingerprint in fingerprints.items()]
    return set(connection.scalars(select(owed.c.record_id).where(or_(*others))))


def _other(sobject: str, fingerprint: str) -> ColumnElement[bool]:
    return and_(owed.c.sobject == sobject, owed.c.mapping_fingerprint != fingerprint)
