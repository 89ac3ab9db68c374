"""All ingest jobs of an org: opened, found, forgotten when they are old, kept over a restart."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from sandbox.salesforce.bulk.job import Asked, Job, Outcome
from sandbox.salesforce.clock import Clock
from sandbox.salesforce.errors import not_found
from sandbox.salesforce.ids import make, normalized
from sandbox.salesforce.jsonvalue import Json

PREFIX: Final = "750"
LONGEST_OPEN: Final = timedelta(hours=24)
KEPT: Final = timedelta(days=7)


class Jobs:
    """The jobs by id, in the order they were opened."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._jobs: dict[str, Job] = {}
        self._made = 0
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def open(self, asked: Asked, version: float, user_id: str) -> Job:
        """A new job in state Open."""
        self._made += 1
        now = self._clock.now()
        job = Job(make(PREFIX, self._made), asked, version, user_id, now, now)
        self._jobs[job.id] = job
        return job

    def find(self, given: str) -> Job:
        """A job by its 15- or 18-character id, or 404."""
        self._tidy()
        job = self._jobs.get(normalized(given) or "")
        if job is None:
            raise not_found()
        return job

    def listed(self) -> list[Job]:
        """All jobs."""
        self._tidy()
        return list(self._jobs.values())

    def forget(self, job: Job) -> None:
        """Deletes a job with its file and results."""
        del self._jobs[job.id]

    def start(self, job: Job, work: Coroutine[None, None, None]) -> None:
        """Lets a job run beside the calls; what the sandbox itself gets wrong fails the job by name."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks[job.id] = task
        task.add_done_callback(lambda ended: self._ended(job, ended))

    def asleep(self) -> Iterator[Job]:
        """The jobs that were under way when the org was saved."""
        return (job for job in self._jobs.values() if job.id not in self._tasks and _under_way(job))

    def _ended(self, job: Job, task: asyncio.Task[None]) -> None:
        del self._tasks[job.id]
        problem = None if task.cancelled() else task.exception()
        if problem is not None:
            job.enter("Failed", self._clock.now(), f"Unknown : the sandbox broke: {problem!r}")

    def _tidy(self) -> None:
        """A job is open for 24 hours at most, its results are kept for 7 days (verified).

        What becomes of a job that is open for longer is unknown: here it fails. Jobs go with their results.
        """
        now = self._clock.now()
        for job in list(self._jobs.values()):
            if job.state == "Open" and now - job.created_at > LONGEST_OPEN:
                job.enter("Failed", now, "Timeout : The job was open for more than 24 hours")
            elif job.ended and now - job.changed_at > KEPT:
                self.forget(job)

    def dump(self) -> dict[str, Json]:
        """All jobs as JSON values."""
        return {"made": self._made, "jobs": [_dumped(job) for job in self._jobs.values()]}

    def load(self, kept: Mapping[str, Json]) -> None:
        """Takes the jobs of `dump` over; those under way go on with the first call."""
        self._made = kept["made"]
        for one in kept["jobs"]:
            job = _loaded(one)
            self._jobs[job.id] = job


def _under_way(job: Job) -> bool:
    return job.state in {"UploadComplete", "InProgress"}


PLAIN: Final = ("id", "version", "created_by", "state", "failure", "retries", "active_seconds", "total_seconds")


def _dumped(job: Job) -> dict[str, Json]:
    return {name: getattr(job, name) for name in PLAIN} | {
        "asked": asdict(job.asked),
        "created_at": job.created_at.isoformat(),
        "changed_at": job.changed_at.isoformat(),
        "content": None if job.content is None else job.content.decode("latin-1"),
        "outcomes": [[number, *outcome] for number, outcome in job.outcomes.items()],
    }


def _loaded(kept: Mapping[str, Json]) -> Job:
    facts = {name: kept[name] for name in PLAIN}
    dates: dict[str, Json] = {name: datetime.fromisoformat(kept[name]) for name in ("created_at", "changed_at")}
    content = None if kept["content"] is None else kept["content"].encode("latin-1")
    job = Job(asked=Asked(**kept["asked"]), content=content, **dates, **facts)
    for number, *outcome in kept["outcomes"]:
        job.keep(number, Outcome(*outcome))
    return job
