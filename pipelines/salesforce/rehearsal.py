"""A rehearsal: an org that is only read; what would be written to it is kept, and answered as if it had been taken."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from threading import Lock
from typing import Any

from pipelines.salesforce.batch import Collection, Request
from pipelines.salesforce.bulk.job import JobState
from pipelines.salesforce.bulk.jobs import Jobs
from pipelines.salesforce.held import Asked, Held
from pipelines.salesforce.holdings import Holdings
from pipelines.salesforce.org import Org
from pipelines.salesforce.remove import MOST_PARTS
from pipelines.salesforce.replies import Reply


@dataclass(slots=True)
class Sent:
    """What would be sent of one row, as the JSON object says it, and the row as Salesforce holds it; None: no row."""

    row: dict[str, Any]
    before: Held | None


class Rehearsal(Org):
    """Its session refuses whatever could write, so that a call that is forgotten here fails instead of writing.

    Whether Salesforce itself would refuse a row, by a validation rule or a trigger, nobody knows before it is sent."""

    def __init__(self, *parts: Any, **options: Any) -> None:  # noqa: ANN401 - those of an org
        super().__init__(*parts, **options)
        self._session.only_reads = True
        self.jobs = _NoJobs(self._connection, self._patience)
        self.write_calls = 0
        """How many calls the writing would take, if none were answered with an error."""
        self.sent: dict[tuple[str, str], Sent] = {}
        """By sObject and external id."""
        self._lock = Lock()
        self._holdings = Holdings(self, {}, {})

    def look_at(self, asked: Mapping[str, Asked], ahead: Mapping[str, Iterable[str]]) -> None:
        """Say what is to be looked at by sObject, and the external ids of rows that will probably be sent."""
        self._holdings = Holdings(self, asked, ahead)

    def upsert(self, request: Request) -> list[list[Reply]]:
        """Keep the rows, and answer as if all had been saved."""
        with self._lock:
            self.write_calls += 1
            return [self._saved(each) for each in request.collections]

    def delete(self, sobject: str, salesforce_ids: Sequence[str]) -> list[Reply]:  # noqa: ARG002 - as an org does
        """Answer as if all had been deleted."""
        with self._lock:
            self.write_calls += ceil(len(salesforce_ids) / MOST_PARTS)
        return [Reply(success=True, id=each) for each in salesforce_ids]

    def _saved(self, collection: Collection) -> list[Reply]:
        rows = [json.loads(text, parse_float=Decimal) for text in collection.rows]
        keys = [str(row[collection.external_id_field]) for row in rows]
        before = self._holdings.take(collection.sobject, keys)
        for key, row in zip(keys, rows, strict=True):
            known = self.sent.setdefault((collection.sobject, key), Sent({}, before.get(key)))
            known.row |= row
        return [
            Reply(success=True, created=key not in before, id=before[key].salesforce_id if key in before else None)
            for key in keys
        ]


class _NoJobs(Jobs):
    """Jobs that a run has left behind are not known: their rows are sent again, as they would be after a week."""

    def look(self, job_id: str) -> JobState | None:  # noqa: ARG002 - as any job is looked at
        """None."""
        return None
