"""What it costs in calls to go through an object's lists, with the records that an account has now."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.object import Object
from pipelines.chargeover.records import is_complete

_shortest_page = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """Records now, and calls: of one look at the watched list (None: there is none), of one sweep."""

    records: int
    watch: int | None
    sweep: int


def cost_of(chargeover: ChargeOver, kind: Object, page_limit: int, zone: ZoneInfo, now: datetime) -> Cost:
    """The cost of an object as the account supports it, for 1 to 3 calls."""
    records = chargeover.count(kind.name, [])
    clauses = kind.watched.clauses(now, zone) if kind.watched else []
    watched = chargeover.count(kind.name, clauses) if clauses else records
    alone = records if records and not _shows_all(chargeover, kind) else 0
    watch = _pages(watched, page_limit) if kind.watched else None
    return Cost(records, watch, _pages(records, page_limit) + alone)


def _pages(records: int, page_limit: int) -> int:
    """How many calls a list takes: one that nothing has shown to be cut ends with a page of its own."""
    return 1 if records < _shortest_page else max(2, records // page_limit + 1)


def _shows_all(chargeover: ChargeOver, kind: Object) -> bool:
    """Whether lists show records whole: else each costs a call of its own."""
    if set(kind.complete) <= set(kind.expand):
        return True
    rows = chargeover.page(kind.name, [], expand=kind.expand, limit=_shortest_page).rows
    return all(is_complete(kind, row) for row in rows)
