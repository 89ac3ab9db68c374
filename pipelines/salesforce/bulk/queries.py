"""Query jobs (Bulk API 2.0): a query over any number of rows, whose answer comes as CSV files."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from urllib.parse import quote

from pipelines.errors import TryLater
from pipelines.salesforce.bulk.job import JobState, spelled, state_of
from pipelines.salesforce.bulk.jobs import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS
from pipelines.salesforce.bulk.results import LONGEST_CELL
from pipelines.salesforce.bulk.transfer import Headers, Transfer
from pipelines.salesforce.connection import Connection, Faulty, said
from pipelines.salesforce.session import Patience

QUERIES = "jobs/query"
PAGE_ROWS = 50_000
NO_MORE = "null"
"""What the header Sforce-Locator says on the last page (Bulk API guide)."""


class Queries:
    """The query jobs of one org."""

    def __init__(self, connection: Connection, patience: Patience) -> None:
        self._connection, self._patience = connection, patience
        self._transfer = Transfer(connection, patience)

    def rows(self, soql: str) -> Iterator[dict[str, str | None]]:
        """The rows by column, an empty cell as None; no ORDER BY, LIMIT, GROUP BY or parent-to-child query (Bulk API
        guide). A repeated request may leave a second job behind, whose result nobody fetches."""
        job_id = self._open(soql)
        self._wait(job_id)
        header: list[str] = []
        locator: str | None = ""
        while locator is not None:
            path = f"{QUERIES}/{job_id}/results?maxRecords={PAGE_ROWS}"
            with self._page(f"{path}&locator={quote(locator, safe='')}" if locator else path) as (file, headers):
                yield from _rows(file, header)
            found = headers.get("Sforce-Locator", "")
            locator = found if found not in {"", NO_MORE} else None

    def _open(self, soql: str) -> str:
        data = json.dumps({"operation": "query", "query": soql, "contentType": "CSV", "columnDelimiter": "COMMA",
                           "lineEnding": "LF"})  # fmt: skip
        try:
            return state_of(self._connection.call(
                lambda client: client.restful(QUERIES, method="POST", data=data, repeatable=True)
            )).id  # fmt: skip
        except Faulty as fault:
            raise said(Faulty(fault.status, spelled(fault.reply))) from None

    def _wait(self, job_id: str) -> None:
        pause_seconds = FIRST_PAUSE_SECONDS
        while not (job := self._look(job_id)).ended:
            self._patience.sleep(pause_seconds)
            pause_seconds = min(pause_seconds * 1.25, LONGEST_PAUSE_SECONDS)
        if job.fault:
            why = " ".join(job.message.split()) or "no reason"
            raise TryLater(f"Salesforce: query job {job_id} has ended as {job.state} ({why}); run it again later")

    def _look(self, job_id: str) -> JobState:
        try:
            return state_of(self._connection.call(lambda client: client.restful(f"{QUERIES}/{job_id}")))
        except Faulty as fault:
            raise said(Faulty(fault.status, spelled(fault.reply))) from None

    @contextmanager
    def _page(self, path: str) -> Iterator[tuple[IO[bytes], Headers]]:
        try:
            with self._transfer.down(path) as page:
                yield page
        except Faulty as fault:
            raise said(Faulty(fault.status, spelled(fault.reply))) from None


def _rows(file: IO[bytes], header: list[str]) -> Iterator[dict[str, str | None]]:
    """The rows of one page; whether the header stands on each page or on the first only is not published, and no row
    is like it. It is kept in ``header``."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    # newline="" keeps line ends inside of values
    with io.TextIOWrapper(file, "utf-8", errors="replace", newline="") as text:
        for cells in csv.reader(text):
            header[:] = header or cells
            if len(cells) != len(header):
                raise TryLater(f"Salesforce: the answer of a query job is not whole ({len(cells)} values for "
                               f"{len(header)} columns); run it again later")  # fmt: skip
            if cells != header:
                yield dict(zip(header, (cell or None for cell in cells), strict=True))
