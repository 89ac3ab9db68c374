"""A job lands its rows once and tells of each, whatever happens on the way."""

import json
import time
from threading import Event, Timer

import pytest

from pipelines.errors import FixAccess, TryLater
from pipelines.salesforce.bulk.sheet import Sheet
from pipelines.salesforce.fault import Kind
from pipelines.salesforce.org import Org
from pipelines.salesforce.session import Patience
from pipelines.salesforce.status import SObjectStopped

pytestmark = pytest.mark.slow

KEY = "ChargeOver_Id__c"
INVOICE = "ChargeOver_Invoice__c"


@pytest.fixture
def org(credentials, waits):
    """An org whose pauses are noted and hardly waited."""

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        time.sleep(0.002)

    with Org(credentials, patience=Patience(sleep=sleep)) as opened:
        yield opened


@pytest.fixture
def begin(org):
    """Opens, fills and closes a job; its id."""

    def run(sobject, *rows):
        job_id = org.jobs.open(sobject, KEY)
        with Sheet(KEY) as sheet:
            assert all(sheet.add(json.dumps(row)) for row in rows)
            org.jobs.upload(job_id, sheet)
        org.jobs.close(job_id)
        return job_id

    return run


@pytest.fixture
def run(org, begin):
    """The same, with the job as it ended, its replies by external id, and what it did not come to."""

    def to_the_end(sobject, *rows):
        job = org.jobs.wait_for(begin(sobject, *rows))
        return job, dict(org.jobs.results(job.id, KEY)), set(org.jobs.unprocessed(job.id, KEY))

    return to_the_end


def accounts(first: int, last: int) -> list[dict[str, str]]:
    return [{KEY: str(n), "Name": f"A{n}"} for n in range(first, last)]


def test_replies_are_found_by_external_id_in_whatever_order_they_come(vendor, run):
    run("Account", *accounts(0, 100))
    job, replies, left = run("Account", *accounts(0, 300), {KEY: "x", "Name": None})

    ids = {row[KEY]: row["Id"] for row in vendor.rows("Account")}
    assert {key: reply.id for key, reply in replies.items() if reply.success} == ids
    assert {key for key, reply in replies.items() if reply.created} == {str(n) for n in range(100, 300)}
    assert (replies["x"].code, replies["x"].fields) == ("REQUIRED_FIELD_MISSING", ("Name",))
    assert (job.state, job.processed, job.failed, job.fault, left) == ("JobComplete", 301, 1, None, set())


def test_rows_of_a_job_meet_the_same_table_as_rows_of_a_call(vendor, run):
    run("Account", *accounts(1, 4))
    vendor.fault("lock", sobject="Account", field=KEY, value="1")
    vendor.fault("lock", sobject="Account", field=KEY, value="2", wrapped=True)
    _, locked, _ = run("Account", *accounts(1, 4))
    _, replies, _ = run(
        INVOICE,
        {KEY: "date", "Invoice_Date__c": "6/15/19"},
        {KEY: "parent", "Account__r": {KEY: "99"}},
        {KEY: "choice", "Status__c": "Sleeping"},
        {KEY: "good", "Account__r": {KEY: "3"}},
    )

    kinds = {key: reply.handling.kind for key, reply in (locked | replies).items() if not reply.success}
    assert kinds == {"1": Kind.RETRY, "2": Kind.RETRY, "date": Kind.REFUSE, "parent": Kind.HOLD, "choice": Kind.REFUSE}
    assert replies["good"].success


CALLS = {
    "open": ("POST", "jobs/ingest"),
    "upload": ("PUT", "batches"),
    "close": ("PATCH", "jobs/ingest"),
    "look": ("GET", "jobs/ingest/750"),
    "results": ("GET", "successfulResults"),
    "failed": ("GET", "failedResults"),
    "unprocessed": ("GET", "unprocessedrecords"),
}
PASSING = ["429", "500", "502", "503", "html", "drop", "lost_answer", "503_after_commit", "cut_json", "expired_session"]


@pytest.mark.parametrize("call", CALLS)
def test_a_fault_that_passes_costs_only_repeats(vendor, org, run, call):
    org.limits()
    method, path = CALLS[call]
    for number, kind in enumerate(PASSING):
        vendor.fault(kind, method=method, path=path)
        job, replies, left = run("Account", *accounts(number, number + 2))

        assert (job.state, set(replies), left) == ("JobComplete", {str(number), str(number + 1)}, set()), kind
        assert all(reply.success for reply in replies.values()), kind
    assert vendor.org.faults.waiting == 0
    assert len(vendor.rows("Account")) == len(PASSING) + 1
    assert sum(job.content is not None for job in vendor.org.jobs.listed()) == len(PASSING)


@pytest.mark.parametrize("call", CALLS)
def test_a_fault_that_stays_is_one_sentence_and_to_be_tried_later(vendor, org, run, call):
    org.limits()
    method, path = CALLS[call]
    # an upload answers nothing that could be cut, and a job is closed by the first try
    for kind in ["503", "html", "drop"] + ["cut_json"] * (call not in {"upload", "close"}):
        vendor.fault(kind, method=method, path=path, count=1000)
        with pytest.raises(TryLater, match=r"^Salesforce[^\n]*(later|again|next time)"):
            run("Account", *accounts(0, 2))
        vendor.org.faults.clear()


def test_what_does_not_say_that_it_is_csv_is_no_result(vendor, org, begin):
    job_id = begin("Account", *accounts(0, 100))
    org.jobs.wait_for(job_id)
    vendor.fault("cut_json", path="successfulResults", count=1000)

    with pytest.raises(TryLater, match="something that is not CSV"):
        list(org.jobs.results(job_id, KEY))


def test_a_login_that_is_never_accepted_ends(vendor, org, run):
    org.limits()
    for method, path in CALLS.values():
        vendor.fault("expired_session", method=method, path=path, count=1000)
        with pytest.raises(FixAccess, match="the login is not accepted, even after a new one"):
            run("Account", *accounts(0, 2))
        vendor.org.faults.clear()


def test_a_file_that_somebody_else_uploaded_is_not_taken_for_ours(org):
    job_id = org.jobs.open("Account", KEY)
    with Sheet(KEY) as first, Sheet(KEY) as second:
        first.add(json.dumps({KEY: "1", "Name": "old"}))
        second.add(json.dumps({KEY: "1", "Name": "new"}))
        org.jobs.upload(job_id, first)
        with pytest.raises(FixAccess, match="Found multiple contents"):
            org.jobs.upload(job_id, second)


def test_a_lost_answer_is_followed_by_the_whole_file_once_more(vendor, run):
    vendor.fault("drop", method="PUT", path="batches")

    assert len(run("Account", *accounts(0, 50))[1]) == 50


def test_a_wrong_external_id_field_stops_the_sobject_before_any_row_travels(org):
    with pytest.raises(SObjectStopped, match=r"^Salesforce Account: the external id field is not there.*InvalidJob"):
        org.jobs.open("Account", "Website")
    with pytest.raises(SObjectStopped, match="Salesforce Nothing__c: the org does not take such a job"):
        org.jobs.open("Nothing__c", KEY)


@pytest.mark.parametrize("column", ["Nothing__c", "Nothing__r"])
def test_a_wrong_column_fails_the_job_and_leaves_all_rows(vendor, run, column):
    job, replies, left = run("Account", *({**row, column: {KEY: "1"}} for row in accounts(0, 3)))

    assert (job.state, job.processed, replies) == ("Failed", 0, {})
    assert job.handling.kind is Kind.SOBJECT_STOP
    assert left == {"0", "1", "2"}
    assert vendor.rows("Account") == []


def test_a_job_that_fails_late_tells_what_landed_and_what_it_did_not_come_to(vendor, run):
    vendor.fault("job_fails", after_rows=203, message="TooManyLockFailure : Too many lock failures")

    job, replies, left = run("Account", *accounts(0, 300))

    assert (job.state, job.fault.code, job.handling.kind) == ("Failed", "TooManyLockFailure", Kind.RETRY)
    assert set(replies) == {row[KEY] for row in vendor.rows("Account")}
    assert set(replies) | left == {str(n) for n in range(300)}
    assert (len(replies), len(left)) == (203, 97)


def test_a_job_that_somebody_aborts_leaves_the_rest(vendor, run):
    vendor.fault("job_aborted", after_rows=1)

    job, replies, left = run("Account", *accounts(0, 3))

    assert (job.state, job.handling.passes, len(replies), len(left)) == ("Aborted", True, 1, 2)


def test_a_job_that_stalls_is_waited_for_in_growing_pauses(vendor, org, begin, waits):
    vendor.fault("job_stalls", seconds=3600)
    job_id = begin("Account", *accounts(0, 2))
    Timer(0.3, lambda: vendor.org.clock.advance(3600)).start()

    assert org.jobs.wait_for(job_id).state == "JobComplete"
    assert waits[:3] == [0.5, 0.625, 0.78125]
    assert max(waits) == waits[-1] == 10


def test_waiting_ends_at_once_when_it_is_stopped(vendor, org, begin):
    vendor.fault("job_stalls", seconds=3600)
    job_id = begin("Account", *accounts(0, 2))
    stop = Event()
    stop.set()

    assert not org.jobs.wait_for(job_id, stop).ended
    with pytest.raises(TryLater, match="InvalidJobState"):
        list(org.jobs.results(job_id, KEY))


def test_aborting_ends_a_job_and_is_done_when_there_is_nothing_to_end(vendor, org, run):
    job_id = org.jobs.open("Account", KEY)
    org.jobs.abort(job_id)
    org.jobs.abort(job_id)
    assert org.jobs.look(job_id).state == "Aborted"

    ended = run("Account", *accounts(0, 1))[0]
    org.jobs.abort(ended.id)
    assert org.jobs.look(ended.id).state == "JobComplete"
    org.jobs.abort("750000000000000AAA")


def test_closing_again_changes_nothing(org, run):
    job = run("Account", *accounts(0, 1))[0]

    org.jobs.close(job.id)

    assert org.jobs.look(job.id) == job


def test_a_job_that_the_org_has_forgotten_is_none(vendor, org, run):
    job = run("Account", *accounts(0, 1))[0]
    vendor.org.clock.advance(8 * 86400)

    assert org.jobs.look(job.id) is None
    assert org.jobs.wait_for(job.id) is None
    for ask in (org.jobs.results, org.jobs.unprocessed):
        with pytest.raises(TryLater, match=f"job {job.id}: the org does not know it any more"):
            list(ask(job.id, KEY))
    with pytest.raises(TryLater, match="does not know it any more"):
        org.jobs.close(job.id)


def test_a_used_up_day_stops_until_it_has_passed(vendor, run):
    while vendor.org.batches.left:
        vendor.org.batches.count(vendor.org.batches.left)

    job, _, left = run("Account", *accounts(0, 2))

    assert (job.fault.code, job.handling.kind, job.handling.passes) == ("ExceededQuota", Kind.STOP, True)
    assert left == {"0", "1"}


def test_ten_thousand_rows_land_and_each_has_its_reply(vendor, run):
    job, replies, left = run("Account", *accounts(0, 10_001))

    assert (job.processed, job.failed, left) == (10_001, 0, set())
    assert {key: reply.id for key, reply in replies.items()} == {row[KEY]: row["Id"] for row in vendor.rows("Account")}
