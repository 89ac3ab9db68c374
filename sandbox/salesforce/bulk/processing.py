"""How a job gets from UploadComplete to its end, by the org's clock."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Final

from sandbox.salesforce.bulk.columns import columns_of
from sandbox.salesforce.bulk.job import Job, Outcome
from sandbox.salesforce.bulk.problems import JobFailedError
from sandbox.salesforce.bulk.sheet import Sheet
from sandbox.salesforce.bulk.writing import save_rows
from sandbox.salesforce.faults import Fault
from sandbox.salesforce.org import Org
from sandbox.salesforce.transaction import transact

BATCH_ROWS: Final = 10_000  # verified: rows are counted and processed in batches of this size
CHUNK_ROWS: Final = 200  # verified: each chunk is a transaction
BATCH_TIME: Final = timedelta(minutes=5)
MOST_RETRIES: Final = 20


def resume(org: Org) -> None:
    """Lets jobs go on that were under way when the org was saved."""
    for job in list(org.jobs.asleep()):
        org.jobs.start(job, Processing(org, job).run())


class Processing:
    """The way of one job; rows are saved chunk by chunk, in batches that run side by side.

    Two batches of one job are processed in parallel, so the order of rows holds only within 10,000 of them (verified
    mode Parallel).
    """

    def __init__(self, org: Org, job: Job) -> None:
        self.org = org
        self.job = job
        self.orders: list[Fault] = []

    async def run(self) -> None:
        """Brings the job to its end: header and file are looked at only now, so their faults come late (verified)."""
        try:
            await self._go_on()
        except* JobFailedError as failed:
            self.job.enter("Failed", self.org.clock.now(), str(failed.exceptions[0]))

    async def _go_on(self) -> None:
        job, clock, pace = self.job, self.org.clock, self.org.pace
        await clock.last(lambda: pace.times.bulk_job_seconds if job.state == "UploadComplete" else 0)
        begun = clock.now()
        job.enter("InProgress", begun)
        self.orders = [] if job.ended else self.org.faults.for_job(job.asked.sobject)
        sheet = job.unread()
        for _ in sheet.scan():
            await asyncio.sleep(0)
        job.sheet = sheet
        self.columns = columns_of(self.org, self.org.entity(job.asked.sobject), sheet.header, job.asked.operation)
        starts = iter(range(0, len(sheet), BATCH_ROWS))
        async with asyncio.TaskGroup() as batches:
            for _ in range(pace.times.bulk_batches_at_once):
                batches.create_task(self._batches(sheet, starts))
        for order in self.orders:
            await clock.last(partial(self._stalled, order))
        self._room(at_end=True)
        job.total_seconds = (clock.now() - begun).total_seconds()
        job.enter("JobComplete", clock.now())

    def _stalled(self, order: Fault) -> float:
        return order.seconds if order.kind == "job_stalls" and self.job.state == "InProgress" else 0

    async def _batches(self, sheet: Sheet, starts: Iterator[int]) -> None:
        for start in starts:
            numbers = range(start, min(start + BATCH_ROWS, len(sheet)))
            left = [number for number in numbers if number not in self.job.outcomes]
            if left and self.job.state == "InProgress":
                self._spend(len(left))
                await self._batch(sheet, left)

    def _spend(self, rows: int) -> None:
        """15,000 batches and 150,000,000 rows in 24 hours (verified); when they are used up the job fails there.

        That rows of batches beyond the allowance are not processed is published; code and text are inferred.
        """
        if self.org.batches.left < 1 or self.org.bulk_rows.left < rows:
            raise JobFailedError("ExceededQuota", "The daily allowance of batches or records is used up")
        self.org.batches.count()
        self.org.bulk_rows.count(rows)

    async def _batch(self, sheet: Sheet, left: list[int]) -> None:
        """A batch that takes more than 5 minutes is tried again up to 20 times, then the job fails (verified).

        That a new try goes on where the last one ended, and the code and text, are inferred.
        """
        begun, retries = self.org.clock.now(), 0
        while left:
            if self.org.clock.now() - begun > BATCH_TIME:
                begun, retries = self.org.clock.now(), retries + 1
                if retries > MOST_RETRIES:
                    raise JobFailedError("Timeout", f"A batch took too long and was tried {MOST_RETRIES} times more")
                self.job.retries += 1
            room = self._room()
            if self.job.state != "InProgress":
                return
            await self._chunk(sheet, left[:room])
            left = left[room:]

    def _room(self, *, at_end: bool = False) -> int:
        """How many rows may go at once; a fault on order happens exactly after its rows, or at the end."""
        room = CHUNK_ROWS
        for order in self.orders:
            due = 0 if at_end else order.after_rows - len(self.job.outcomes)
            if order.kind == "job_fails" and due <= 0:
                code, _, text = order.message.partition(" : ")
                raise JobFailedError(code, text)
            if order.kind == "job_aborted" and due <= 0:
                self.job.enter("Aborted", self.org.clock.now())
            if order.kind != "job_stalls":
                room = min(room, max(due, 1))
        return room

    async def _chunk(self, sheet: Sheet, numbers: list[int]) -> None:
        retries = self.org.pace.times.bulk_lock_retries
        while numbers:
            outcomes = await self._saved(sheet, numbers)
            again = [number for number in numbers if outcomes[number].locked] if retries else []
            for number in numbers:
                if number not in again:
                    self.job.keep(number, outcomes[number])
            self.job.retries += bool(again)
            numbers, retries = again, retries - 1

    async def _saved(self, sheet: Sheet, numbers: list[int]) -> dict[int, Outcome]:
        """One transaction. A chunk that is under way when the job is aborted still ends (unknown: the stricter)."""
        clock, pace = self.org.clock, self.org.pace
        begun = clock.now()
        work = partial(save_rows, self.org, self.job, self.columns, [sheet.cells(number) for number in numbers])
        if pace.times.bulk_row_seconds or self.org.locks.holders:
            done = await transact(
                self.org, work, lambda _: clock.last(lambda: len(numbers) * pace.times.bulk_row_seconds, begun)
            )
        else:
            done = work()
            await asyncio.sleep(0)
        self.job.active_seconds += (clock.now() - begun).total_seconds()
        return dict(zip(numbers, done, strict=True))
