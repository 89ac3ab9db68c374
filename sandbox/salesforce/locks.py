"""Row locks: what a transaction holds until it ends, and what others wait for.

Published by Salesforce (record locking cheat sheet, guide "Record-Level Locking"):

- a row that is changed or deleted is locked, and so is the master of a detail that is made, changed or deleted
- the target of a lookup is locked only if the lookup is not one whose value is cleared when its target is deleted;
  an older text says that every lookup locks: the setting `lookups_lock` = "every" takes that reading
- others read what was committed last; a transaction waits for a lock 10 seconds at most, then its row fails

Inferred: a Contact locks its Account like a detail; a unique value is locked with its row, so that two rows with one
external id wait for each other. Unknown, so stricter: a lock is never shared; targets are locked also by changes that
do not name the lookup; what could be locked stays locked while the transaction waits for the rest, so that two can
keep each other waiting until the time is over. Left out: owners (users), groups, sharing, record types.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from sandbox.salesforce.errors import Refusal, unable_to_lock
from sandbox.salesforce.pace import Pace
from sandbox.salesforce.table import Row, Table

Key: TypeAlias = object  # a record id, or (object, field, value) for a unique value


@dataclass(eq=False, slots=True)
class Claim:
    """The locks of one transaction, and those that it lacked when it was last tried."""

    held: set[Key] = field(default_factory=set)
    lacking: set[Key] = field(default_factory=set)


class Locks:
    """Who holds what; without times nothing is ever held."""

    def __init__(self, pace: Pace) -> None:
        self.holders: dict[Key, Claim] = {}
        self._pace = pace
        self._claim: Claim | None = None
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def wanted(self) -> bool:
        """Whether the work that runs now has to take locks."""
        return self._claim is not None

    @property
    def waiting(self) -> int:
        """How many transactions wait for a lock."""
        return len(self._waiting)

    @contextmanager
    def claiming(self, claim: Claim) -> Iterator[None]:
        """What is saved inside takes its locks for this transaction."""
        claim.lacking.clear()
        self._claim = claim
        try:
            yield
        finally:
            self._claim = None

    def refusal(self, table: Table, *rows: Row) -> Refusal | None:
        """Locks a row in all the forms given (after, before); UNABLE_TO_LOCK_ROW names what others hold."""
        claim = self._claim
        if claim is None:
            return None
        lacking = []
        for key in self._keys(table, rows):
            if self.holders.setdefault(key, claim) is claim:
                claim.held.add(key)
            else:
                lacking.append(key)
        claim.lacking.update(lacking)
        if not lacking:
            return None
        return unable_to_lock(dict.fromkeys(key if isinstance(key, str) else rows[0]["Id"] for key in lacking))

    def _keys(self, table: Table, rows: tuple[Row, ...]) -> Iterator[Key]:
        every = self._pace.times.lookups_lock == "every"
        parents = table.parents + table.cleared if every else table.parents
        if rows[0]["Id"] in table.rows:
            yield rows[0]["Id"]
        for row in rows:
            yield from (row[name] for name in parents if row.get(name) is not None)
            for name, index in table.unique.items():
                if row.get(name) is not None:
                    yield table.shape.name, name, index.key(row[name])

    async def freed(self, claim: Claim, seconds: float) -> None:
        """Returns when something that the transaction lacked is free, or the seconds are over."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while all(key in self.holders for key in claim.lacking) and loop.time() < end:
            freed: asyncio.Future[None] = loop.create_future()
            self._waiting.append(freed)
            try:
                await asyncio.wait([freed], timeout=end - loop.time())
            finally:
                self._waiting.remove(freed)

    def release(self, claim: Claim) -> None:
        """Ends the locks of a transaction; those who wait try again, the longest waiting first."""
        for key in claim.held:
            del self.holders[key]
        claim.held.clear()
        for freed in self._waiting:
            if not freed.done():
                freed.set_result(None)
