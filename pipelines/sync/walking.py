"""Walks over long lists: when one is due, and how many calls of it a run may make."""

from datetime import UTC, datetime, timedelta

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.walks import Walk

_spans = (timedelta(minutes=10), timedelta(hours=1))


def is_due(walk: Walk | None, every: timedelta, now: datetime) -> bool:
    """Whether a walk is to begin, or to go on."""
    return walk is None or walk.ended_at is None or now - walk.started_at >= every


def going_on(walk: Walk | None, now: datetime) -> Walk:
    """The walk as it stands, or a new one from the first record."""
    if walk is not None and walk.ended_at is None:
        return walk
    return Walk(position=0, started_at=now, ended_at=None, seen=0, missing=0)


def calls_left(ledger: Ledger, account: str, signal: str, per_minute: int) -> int:
    """How many calls a signal may make now: ``per_minute`` on average over the last ten minutes and the last hour."""
    now = datetime.now(UTC)
    spent = {span: ledger.spent(account, now - span).get(signal, 0) for span in _spans}
    return min(per_minute * (span // timedelta(minutes=1)) - calls for span, calls in spent.items())
