"""Ingest jobs under way: their ids, and what each of their rows was, so that any run can take over their results."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from pipelines.ledger import rows
from pipelines.ledger.database import slices
from pipelines.ledger.tables import job_rows, jobs


@dataclass(frozen=True, slots=True)
class Job:
    """One ingest job that was opened and whose results are not recorded yet."""

    id: str
    sobject: str
    key: str
    """The external id field that its rows are told apart by."""
    run_id: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class JobRow:
    """What an outcome needs to know of a row that went into a job."""

    external_id: str
    object: str
    record_id: int
    observed_at: datetime
    fingerprint: str
    slots: str
    parents: str
    """The parents that it names: JSON pairs of sObject and external id."""
    origin: str = ""
    signal: str = ""


_COLUMNS = [column for column in job_rows.columns if column.name != "job_id"]


def opened(connection: Connection) -> list[Job]:
    """All jobs, the oldest first."""
    return [Job(*each) for each in connection.execute(select(jobs).order_by(jobs.c.opened_at, jobs.c.id))]


def keep(connection: Connection, job: Job) -> None:
    """Store a job before anything is uploaded."""
    connection.execute(insert(jobs).values(asdict(job)))


def load(connection: Connection, job: Job, some: Sequence[JobRow]) -> None:
    """Store rows of a job, and forget what they were accepted with before."""
    names = [column.name for column in _COLUMNS]
    values = [{"job_id": job.id, **{name: getattr(one, name) for name in names}} for one in some]
    if values:
        connection.execute(insert(job_rows), values)
    rows.doubt(connection, job.sobject, (one.external_id for one in some))


def rows_of(connection: Connection, job_id: str, external_ids: Collection[str]) -> dict[str, JobRow]:
    """Those rows of a job, by external id."""
    found: dict[str, JobRow] = {}
    for among in slices(job_rows.c.external_id, external_ids):
        answer = connection.execute(select(*_COLUMNS).where(job_rows.c.job_id == job_id, among))
        found |= {row[0]: JobRow(*row) for row in answer}
    return found


def abandoned(connection: Connection, before: datetime) -> list[str]:
    """The ids of jobs that were opened before that moment."""
    return list(connection.scalars(select(jobs.c.id).where(jobs.c.opened_at < before)))


def forget(connection: Connection, job_id: str) -> None:
    """The results are recorded, or there will be none."""
    connection.execute(delete(job_rows).where(job_rows.c.job_id == job_id))
    connection.execute(delete(jobs).where(jobs.c.id == job_id))
