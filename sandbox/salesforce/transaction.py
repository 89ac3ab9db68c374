"""One transaction: its work is done in one go, held back while it lasts, and seen by others when it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sandbox.salesforce.locks import Claim
from sandbox.salesforce.org import Org

Done = TypeVar("Done")
Steps = list[Callable[[], None]]


async def transact(org: Org, work: Callable[[], Done], last: Callable[[Done], Awaitable[None]]) -> Done:
    """Does the work, lets the transaction last as long as `last` takes, then commits; locks are held until then.

    Others read what was committed before (published). Work that meets locks of others is taken back and tried again
    until the wait for locks is over; then the rows that still lack one are refused. Who cancels rolls back.
    """
    claim = Claim()
    try:
        done, steps = await _with_locks(org, claim, work)
        await last(done)
        for step in steps:
            step()
        return done
    finally:
        org.locks.release(claim)


async def _with_locks(org: Org, claim: Claim, work: Callable[[], Done]) -> tuple[Done, Steps]:
    loop = asyncio.get_running_loop()
    end = loop.time() + org.pace.times.lock_wait_seconds
    while True:
        ordered = org.faults.row_orders()
        done, steps = _tried(org, claim, work)
        if not claim.lacking or loop.time() >= end:
            return done, steps
        org.faults.order_rows(ordered)
        await org.locks.freed(claim, end - loop.time())


def _tried(org: Org, claim: Claim, work: Callable[[], Done]) -> tuple[Done, Steps]:
    mark = org.journal.begin()
    steps: Steps = []
    try:
        with org.locks.claiming(claim):
            done = work()
    finally:
        steps = org.journal.undo(mark)
        org.journal.end()
    return done, steps
