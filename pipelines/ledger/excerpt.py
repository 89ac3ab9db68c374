"""Excerpt: which lines of the record-level log a person means."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pipelines.errors import EditFile
from pipelines.ledger.moment import moment
from pipelines.ledger.outcome import Verdict

FORGOTTEN = "forgotten"
"""In the place of a verdict: an owed row was closed because its record no longer has it."""

LOGGED = (*(str(each) for each in Verdict if each is not Verdict.UNCHANGED), FORGOTTEN)
"""What a line can say: rows that stayed as they were are not logged."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines that fit all that is said, oldest first; nothing said: all of them."""

    since: datetime | None = None
    """From this moment on."""
    until: datetime | None = None
    """Before this moment."""
    run_id: str | None = None
    """A run, by its whole id."""
    sobject: str | None = None
    verdict: str | None = None
    object: str | None = None
    record_ids: tuple[int, ...] = ()

    @classmethod
    def of(
        cls,
        record: str = "",
        *,
        sobject: str = "",
        verdict: str = "",
        since: str = "",
        until: str = "",
        now: datetime,
    ) -> Self:
        """From what a person writes, empty for no matter which; ``record`` is one such as invoice:10041, or several of
        an object, invoice:10041,10042. Raises EditFile when it cannot be meant so."""
        name, colon, rest = record.partition(":")
        numbers = rest.replace(" ", "").split(",")
        if record and not (colon and name and all(each.isdecimal() for each in numbers)):
            raise EditFile(f"{record!r} names no record; write object and id, such as invoice:10041")
        if verdict and verdict not in LOGGED:
            raise EditFile(f"{verdict!r} is no verdict that is logged; write {', '.join(LOGGED)}")
        span = (moment(since, now) if since else None, moment(until, now) if until else None)
        ids = tuple(map(int, numbers)) if record else ()
        return cls(*span, None, sobject or None, verdict or None, name or None, ids)
