"""Query jobs (Bulk API 2.0): /jobs/query and what is below it, as the guide publishes it; nothing of it was recorded.

What such a job may ask, its states, the pages of its result and their headers are published; error texts are inferred.
"""

import asyncio
import csv
import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sandbox.salesforce.bulk.problems import JobRefusedError
from sandbox.salesforce.call import Answer, Call
from sandbox.salesforce.clock import print_stamp
from sandbox.salesforce.errors import CallError, not_found
from sandbox.salesforce.ids import make, normalized
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Org
from sandbox.salesforce.soql.nodes import Path, Statement
from sandbox.salesforce.soql.parser import parse
from sandbox.salesforce.soql.select import run

PREFIX: Final = "750"
FIRST_NUMBER: Final = 500_000  # so that no ingest job has the same id
KEYS: Final = frozenset({"operation", "query", "contentType", "columnDelimiter", "lineEnding"})
CSV: Final = {"Content-Type": "text/csv; charset=UTF-8"}


@dataclass(slots=True)
class Query:
    """One query job; `rows` are there once it is complete."""

    id: str
    text: str
    version: float
    created_by: str
    created_at: datetime
    sobject: str
    state: str = "UploadComplete"
    failure: str | None = None
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    task: asyncio.Task[None] | None = None

    def info(self) -> dict[str, Json]:
        """The answer to create and to GET."""
        shown: dict[str, Json] = {
            "id": self.id,
            "operation": "query",
            "object": self.sobject,
            "createdById": self.created_by,
            "createdDate": print_stamp(self.created_at),
            "state": self.state,
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": self.version,
            "lineEnding": "LF",
            "columnDelimiter": "COMMA",
            "numberRecordsProcessed": len(self.rows),
        }
        return shown if self.failure is None else shown | {"errorMessage": self.failure}


def create(org: Org, call: Call) -> Answer:
    """POST /jobs/query: the job in state UploadComplete. Only CSV with commas and LF is taken here."""
    body = call.mapping()
    unknown = sorted(set(body) - KEYS)
    if unknown:
        raise CallError(400, "JSON_PARSER_ERROR", f'Unrecognized field "{unknown[0]}" at [line:1, column:1]')
    if body.get("operation") != "query":
        raise JobRefusedError("InvalidJob", "operation must be query")
    statement = _fit(parse(str(body.get("query") or "")))
    number = FIRST_NUMBER + len(org.queries)
    job = Query(
        make(PREFIX, number), statement.text, call.version, org.user_id, org.clock.now(), statement.sobject.text
    )
    org.queries[job.id] = job
    job.task = asyncio.get_running_loop().create_task(_answer(org, job, statement, call.root))
    return Answer(200, job.info())


def _fit(statement: Statement) -> Statement:
    """No GROUP BY, LIMIT, ORDER BY, OFFSET, aggregate functions (published); the code is inferred."""
    if statement.aggregated or statement.orders or statement.limit is not None or statement.offset:
        raise JobRefusedError("InvalidJob", "The query has a clause that Bulk API 2.0 does not support")
    return statement


async def _answer(org: Org, job: Query, statement: Statement, root: str) -> None:
    """Reads all rows at one moment. That a query which cannot be answered fails the job late is inferred."""
    await org.clock.last(lambda: org.pace.times.bulk_job_seconds)
    job.state = "InProgress"
    await asyncio.sleep(0)
    paths = [one.what.text for one in statement.selected if isinstance(one.what, Path)]
    try:
        _, found = run(org, statement, root)
    except CallError as error:
        job.state, job.failure = "Failed", f"InvalidBatch : {error.body[0]['message']}"
        return
    job.header = paths
    job.rows = [[_cell(_at(row, path)) for path in paths] for row in found]
    job.state = "JobComplete"


def show(org: Org, call: Call) -> Answer:
    """GET /jobs/query/{id}."""
    return Answer(200, _find(org, call).info())


def results(org: Org, call: Call) -> Answer:
    """GET .../results?locator=&maxRecords=: a page as CSV with a header, and in the headers how many rows it has and
    where the next begins, the word null when there is none (published). A job without results is refused (inferred)."""
    job = _find(org, call)
    if job.state != "JobComplete":
        raise JobRefusedError("InvalidJobState", f"Results of a Job in state {job.state} not available")
    start = _number(call.query.get("locator", "0"), len(job.rows))
    end = start + _number(call.query.get("maxRecords", "50000"), None)
    rows = job.rows[start:end]
    more = str(end) if end < len(job.rows) else "null"
    return Answer(
        200, _csv([job.header, *rows]), CSV | {"Sforce-Locator": more, "Sforce-NumberOfRecords": str(len(rows))}
    )


def _find(org: Org, call: Call) -> Query:
    job: Query | None = org.queries.get(normalized(call.segments[2]) or "")
    if job is None:
        raise not_found()
    return job


def _number(text: str, most: int | None) -> int:
    if not (text.isascii() and text.isdigit()) or (most is not None and int(text) > most):
        raise CallError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    return int(text)


def _at(row: Json, path: str) -> Json:
    for name in path.split("."):
        found = {key.lower(): value for key, value in row.items()} if isinstance(row, dict) else {}
        row = found.get(name.lower())
    return row


def _cell(value: Json) -> str:
    """Nothing for null, truth in small letters; a moment ends with Z (inferred)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text.removesuffix("+0000") + "Z" if text.endswith(".000+0000") else text


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
