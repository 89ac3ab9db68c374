"""The results of an ingest job become verdicts, also those of a job that a killed run has left behind."""

import json
from collections.abc import Collection

from more_itertools import chunked

from pipelines.ledger.jobs import Job, JobRow
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.salesforce.fault import Kind
from pipelines.salesforce.org import Org
from pipelines.salesforce.replies import Reply
from pipelines.sync.verdicts import Answer, Verdicts

_at_once = 1_000


def collect(org: Org, ledger: Ledger, job: Job, verdicts: Verdicts, once_more: Collection[str] = ()) -> set[str]:
    """Record what became of the rows of a job that has ended, and forget it; the external ids that have their verdict.

    All others are to be sent once more: they met a fault that passes, or one of the codes of ``once_more``, or the job
    did not come to them; and so are those of a fault that stops, since it may be over when the results are read.
    """
    settled: set[str] = set()
    for replies in chunked(org.jobs.results(job.id, job.key), _at_once):
        told = {one: reply for one, reply in replies if not (_is_open(reply) or reply.code in once_more)}
        _record(ledger, job, told, verdicts)
        settled |= told.keys()
    ledger.forget_job(job.id)
    return settled


def adopt(org: Org, ledger: Ledger, verdicts: Verdicts) -> None:
    """Take over the jobs of runs that died: wait for those of sObjects that are loaded now, and take their results.

    Rows without a result need nothing: their run did not finish, so they are read again."""
    for job in ledger.open_jobs():
        with ledger.fence.claim(job.id) as is_ours:
            if is_ours and job.sobject in verdicts.tallies:
                _take_over(org, ledger, job, verdicts)


def _take_over(org: Org, ledger: Ledger, job: Job, verdicts: Verdicts) -> None:
    state = org.jobs.look(job.id)
    if state is not None and state.state == "Open":  # nothing of it was ever begun
        org.jobs.abort(job.id)
        state = None
    if state is None or org.jobs.wait_for(job.id) is None:
        ledger.forget_job(job.id)
        return
    tally = verdicts.tallies[job.sobject]
    before = tally.verdicts.total()
    collect(org, ledger, job, verdicts)
    tally.read += tally.verdicts.total() - before


def _record(ledger: Ledger, job: Job, replies: dict[str, Reply], verdicts: Verdicts) -> None:
    """Nobody else writes meanwhile: of two writers of one row, the second to be recorded is then told of the first."""
    rows = ledger.job_rows(job.id, replies)
    answers = [_answer(job, row, replies[external_id]) for external_id, row in rows.items()]
    with ledger.fence.hold_all():
        verdicts.take(answers)


def _answer(job: Job, row: JobRow, reply: Reply) -> Answer:
    skeleton = Outcome(job.sobject, row.external_id, row.object, row.record_id, Verdict.UNCHANGED, row.observed_at,
                       row.fingerprint, slots=row.slots, origin=row.origin,
                       signal=row.signal)  # fmt: skip
    return Answer(skeleton, [(sobject, external_id) for sobject, external_id in json.loads(row.parents)], reply)


def _is_open(reply: Reply) -> bool:
    return not reply.success and (reply.stops or reply.handling.kind is Kind.RETRY)
