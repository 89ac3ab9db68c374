"""The part of the ledger that knows what is under way to Salesforce: requests and ingest jobs."""

from collections.abc import Collection, Sequence
from datetime import datetime

from pipelines.ledger import flights, jobs
from pipelines.ledger.database import reading, writing
from pipelines.ledger.flights import Passenger
from pipelines.ledger.jobs import Job, JobRow
from pipelines.ledger.part import Part


class Sending(Part):
    """What was sent and has no answer yet; until then it is not certain what Salesforce holds of these rows."""

    def depart(self, run_id: str, passengers: Sequence[Passenger], at: datetime) -> int:
        """Before a request is sent: keep its rows and forget their fingerprints, so that a lost answer is never taken
        for none; the number by which ``record`` is told that it was answered."""
        with writing(self._engine) as connection:
            return flights.depart(connection, run_id, passengers, at)

    def recall(self, at: datetime) -> int:
        """Hint at the records of requests that were never answered and cannot land any more; how many requests."""
        with reading(self._engine) as connection:
            if not flights.lost(connection, at):
                return 0
        with writing(self._engine) as connection:
            return flights.recall(connection, at)

    def open_jobs(self) -> list[Job]:
        """The ingest jobs whose results are not recorded, the oldest first."""
        with reading(self._engine) as connection:
            return jobs.opened(connection)

    def keep_job(self, job: Job) -> None:
        """Keep a job before anything is uploaded."""
        with writing(self._engine) as connection:
            jobs.keep(connection, job)

    def load_job(self, job: Job, some: Sequence[JobRow]) -> None:
        """Keep rows of a job before they are uploaded, and forget their fingerprints."""
        with writing(self._engine) as connection:
            jobs.load(connection, job, some)

    def job_rows(self, job_id: str, external_ids: Collection[str]) -> dict[str, JobRow]:
        """Those rows of a job, by external id."""
        with reading(self._engine) as connection:
            return jobs.rows_of(connection, job_id, external_ids)

    def forget_job(self, job_id: str) -> None:
        """The results of a job are recorded, or there will be none."""
        with writing(self._engine) as connection:
            jobs.forget(connection, job_id)
