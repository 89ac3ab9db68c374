"""The calls about ingest jobs: /jobs/ingest and what is below it."""

import random
from collections.abc import Callable, Iterable
from typing import Final

from sandbox.salesforce.bulk.job import Job
from sandbox.salesforce.bulk.opening import read_asked
from sandbox.salesforce.bulk.problems import JobRefusedError
from sandbox.salesforce.bulk.processing import Processing
from sandbox.salesforce.call import Answer, Call
from sandbox.salesforce.errors import CallError
from sandbox.salesforce.org import Org

PAGE: Final = 1000
CSV: Final = {"Content-Type": "text/csv; charset=UTF-8"}
STATES: Final = {"UploadComplete": "closed", "InProgress": "closed", "JobComplete": "Completed"}


def create(org: Org, call: Call) -> Answer:
    """POST /jobs/ingest: 200 with the job in state Open (verified)."""
    asked = read_asked(org, call.mapping())
    return Answer(200, org.jobs.open(asked, call.version, org.user_id).head())


def show_all(org: Org, call: Call) -> Answer:
    """GET /jobs/ingest: 1,000 a page, {done, nextRecordsUrl, records} (verified); order and locator are inferred."""
    jobs = org.jobs.listed()
    given = call.query.get("queryLocator", "0")
    start = int(given) if given.isascii() and given.isdigit() else len(jobs)
    end = start + PAGE
    done = end >= len(jobs)
    more = None if done else f"{call.root}/jobs/ingest?queryLocator={end}"
    records = [job.head() | {"jobType": "V2Ingest"} for job in jobs[start:end]]
    return Answer(200, {"done": done, "nextRecordsUrl": more, "records": records})


def show(org: Org, call: Call) -> Answer:
    """GET /jobs/ingest/{id}."""
    return Answer(200, org.jobs.find(call.segments[2]).info())


def upload(org: Org, call: Call) -> Answer:
    """PUT .../batches: 201 and no body whatever the file holds, one upload a job (verified).

    That a second one is refused at once is published; its code, and those for a wrong type or a file over 100 MB,
    are inferred.
    """
    job = org.jobs.find(call.segments[2])
    if not call.headers.get("content-type", "").startswith("text/csv"):
        raise CallError(415, "UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")
    if job.state != "Open":
        raise JobRefusedError("InvalidJobState", f"Uploading to already {_state(job)} Job not allowed")
    if job.content is not None:
        raise JobRefusedError("ClientInputError", f"Found multiple contents for job: <{job.id}>")
    if len(call.raw) > org.settings.largest_upload_bytes:
        most = org.settings.largest_upload_bytes
        raise JobRefusedError("ClientInputError", f"The file has {len(call.raw)} bytes, the most is {most}")
    job.content = call.raw
    return Answer(201)


def change(org: Org, call: Call) -> Answer:
    """PATCH /jobs/ingest/{id} with {state}: UploadComplete from Open, Aborted from any state that has not ended.

    Otherwise 400 INVALIDJOBSTATE (published for jobs that are closed or completed already). Without a file the job
    fails later (unknown, inferred from rubbish that does).
    """
    job = org.jobs.find(call.segments[2])
    state = call.mapping().get("state")
    if state not in ("UploadComplete", "Aborted"):
        raise JobRefusedError("InvalidJob", f"state must be UploadComplete or Aborted, not {state}")
    if job.ended or (state == "UploadComplete" and job.state != "Open"):
        doing = "Closing" if state == "UploadComplete" else "Aborting"
        raise JobRefusedError("InvalidJobState", f"{doing} already {_state(job)} Job not allowed")
    job.enter(state, org.clock.now())
    answer = Answer(200, job.head())
    if state == "UploadComplete":
        org.jobs.start(job, Processing(org, job).run())
    return answer


def erase(org: Org, call: Call) -> Answer:
    """DELETE /jobs/ingest/{id}: 204, only when the job has ended (verified; code and text inferred)."""
    job = org.jobs.find(call.segments[2])
    if not job.ended:
        raise JobRefusedError("InvalidJobState", f"Deleting a Job in state {job.state} not allowed")
    org.jobs.forget(job)
    return Answer(204)


def successful(org: Org, call: Call) -> Answer:
    """GET .../successfulResults: sf__Id, sf__Created and the columns of the file (verified)."""
    return _results(org, call, ("sf__Id", "sf__Created"), _saved)


def failed(org: Org, call: Call) -> Answer:
    """GET .../failedResults: sf__Id, sf__Error and the columns of the file (verified)."""
    return _results(org, call, ("sf__Id", "sf__Error"), _refused)


def unprocessed(org: Org, call: Call) -> Answer:
    """GET .../unprocessedrecords: the columns of the file (verified)."""
    return _results(org, call, (), _left)


Found = Iterable[tuple[int, list[str]]]


def _saved(job: Job) -> Found:
    outcomes = job.outcomes.items()
    return ((number, [one.record_id, str(one.created).lower()]) for number, one in outcomes if not one.error)


def _refused(job: Job) -> Found:
    return ((number, [one.record_id, one.error]) for number, one in job.outcomes.items() if one.error)


def _left(job: Job) -> Found:
    return ((number, []) for number in range(len(job.sheet or ())) if number not in job.outcomes)


def _results(org: Org, call: Call, extra: tuple[str, ...], find: Callable[[Job], Found]) -> Answer:
    """The whole result in one answer (published: the call has no parameters), in an order of its own (verified).

    That a job which has not ended has no results is the stricter reading of "for a completed job" (published). Of a
    file that could not be read there are none either (unknown).
    """
    job = org.jobs.find(call.segments[2])
    if not job.ended:
        raise JobRefusedError("InvalidJobState", f"Results of a Job in state {job.state} not available")
    sheet = job.readable()
    if sheet is None:
        return Answer(200, b"", dict(CSV))
    rows = [[*values, *sheet.cells(number)] for number, values in find(job)]
    return Answer(200, sheet.printed([[*extra, *sheet.header], *_shuffled(rows, job.id)]), dict(CSV))


def _shuffled(rows: list[list[str]], seed: str) -> list[list[str]]:
    """Another order than that of the file, the same for each call."""
    mixed = rows.copy()
    random.Random(seed).shuffle(mixed)  # noqa: S311 -- nothing to keep secret
    return mixed if mixed != rows else rows[::-1]


def _state(job: Job) -> str:
    return STATES.get(job.state, job.state)
