"""Ingest jobs that take time, are disturbed, or use up what a day allows; the org's clock stands still unless moved."""

from datetime import UTC, datetime

import pytest
from salesforce_jobs import HEADER, JobDesk, rows

from sandbox.salesforce import Org

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def still(schema_folder):
    return {"path": schema_folder, "now": lambda: NOON, "session_seconds": 10**9}


@pytest.fixture
def org(still):
    return Org.from_metadata(**still)


@pytest.fixture
def jobs(salesforce, org):
    with JobDesk(salesforce, org) as jobs:
        yield jobs


def count(salesforce, sobject="Account"):
    return salesforce.query(f"SELECT COUNT() FROM {sobject}")["totalSize"]


def order(salesforce, kind, **more):
    salesforce.admin("POST", "faults", [{"kind": kind, **more}])


def test_a_job_waits_runs_and_ends_by_the_orgs_clock(jobs, salesforce, org):
    jobs.settings(bulk_job_seconds=60, bulk_row_seconds=1)
    job = jobs.begin(HEADER + rows(0, 250))
    assert jobs.info(job)["state"] == "UploadComplete"
    jobs.pass_time(60)
    jobs.until(lambda: org.locks.holders)
    info = jobs.info(job)
    assert (info["state"], info["numberRecordsProcessed"], count(salesforce)) == ("InProgress", 0, 0)
    jobs.pass_time(200)
    jobs.until(lambda: jobs.info(job)["numberRecordsProcessed"] == 200)
    info = jobs.info(job)
    assert (info["state"], info["apiActiveProcessingTime"], info["totalProcessingTime"]) == ("InProgress", 200_000, 0)
    assert count(salesforce) == 200
    jobs.until(lambda: org.locks.holders)
    jobs.pass_time(50)
    info = jobs.ended(job)
    assert (info["state"], info["numberRecordsProcessed"]) == ("JobComplete", 250)
    assert (info["apiActiveProcessingTime"], info["totalProcessingTime"]) == (250_000, 250_000)
    assert (info["createdDate"], info["systemModstamp"]) == (
        "2026-06-01T12:00:00.000+0000",
        "2026-06-01T12:05:10.000+0000",
    )


def test_a_job_that_is_aborted_while_it_waits_processes_nothing(jobs, salesforce):
    jobs.settings(bulk_job_seconds=60)
    job = jobs.begin(HEADER + rows(0, 2))
    assert jobs.change(job, "Aborted").json()["state"] == "Aborted"
    jobs.pass_time(60)
    assert jobs.keys(job, "unprocessedrecords") == [0, 1]
    assert count(salesforce) == 0


def test_an_aborted_job_keeps_what_it_did_and_ends_what_it_is_at(jobs, salesforce, org):
    jobs.settings(bulk_row_seconds=1)
    job = jobs.begin(HEADER + rows(0, 500))
    jobs.until(lambda: org.locks.holders)
    jobs.pass_time(200)
    jobs.until(lambda: jobs.info(job)["numberRecordsProcessed"] == 200 and org.locks.holders)
    jobs.change(job, "Aborted")
    assert jobs.keys(job, "unprocessedrecords") == list(range(200, 500))
    jobs.pass_time(200)
    jobs.until(lambda: jobs.info(job)["numberRecordsProcessed"] == 400)
    assert jobs.info(job)["state"] == "Aborted"
    assert jobs.keys(job, "unprocessedrecords") == list(range(400, 500))
    assert count(salesforce) == 400


def test_a_job_can_fail_in_the_middle(jobs, salesforce):
    order(salesforce, "job_fails", after_rows=203, message="TooManyLockFailure : Too many lock failures")
    info = jobs.run(HEADER + rows(0, 300) + "300,\n")
    job = info["id"]
    assert (info["state"], info["numberRecordsProcessed"]) == ("Failed", 203)
    assert info["errorMessage"] == "TooManyLockFailure : Too many lock failures"
    assert jobs.keys(job, "successfulResults") == list(range(203))
    assert jobs.keys(job, "unprocessedrecords") == list(range(203, 301))
    assert count(salesforce) == 203
    assert jobs.run(HEADER + rows(203, 300))["state"] == "JobComplete"


def test_a_job_can_fail_before_its_first_row_and_after_its_last(jobs, salesforce):
    order(salesforce, "job_fails")
    assert jobs.failure(HEADER + rows(0, 2)) == "Unknown : An unexpected error occurred"
    order(salesforce, "job_fails", after_rows=99)
    info = jobs.run(HEADER + rows(0, 2))
    assert (info["state"], info["numberRecordsProcessed"], count(salesforce)) == ("Failed", 2, 2)


def test_somebody_else_can_abort_a_job(jobs, salesforce):
    order(salesforce, "job_aborted", after_rows=1)
    info = jobs.run(HEADER + rows(0, 3))
    assert (info["state"], info["numberRecordsProcessed"]) == ("Aborted", 1)
    assert jobs.keys(info["id"], "unprocessedrecords") == [1, 2]


def test_a_job_can_stay_in_progress_after_its_last_row(jobs, salesforce):
    order(salesforce, "job_stalls", seconds=600)
    job = jobs.begin(HEADER + rows(0, 2))
    jobs.until(lambda: jobs.info(job)["numberRecordsProcessed"] == 2)
    assert jobs.info(job)["state"] == "InProgress"
    jobs.pass_time(600)
    assert jobs.ended(job)["state"] == "JobComplete"


def test_faults_for_jobs_name_an_object_and_happen_as_often_as_asked(jobs, salesforce):
    order(salesforce, "job_fails", sobject="Contact", count=2)
    states = [jobs.run(HEADER + rows(0, 1))["state"]]
    states += [jobs.run("LastName\nA\n", "insert", "Contact")["state"] for _ in range(3)]
    assert states == ["JobComplete", "Failed", "Failed", "JobComplete"]
    assert salesforce.admin("GET", "faults") == {"waiting": 0}


def test_a_locked_row_is_reported_and_not_tried_again(jobs, salesforce):
    made = salesforce.create("Account", Name="A", Ext__c="1")
    order(salesforce, "lock", field="Ext__c", value="1")
    info = jobs.run(HEADER + rows(0, 3))
    (bad,) = jobs.rows(info["id"], "failedResults")
    text = f"unable to obtain exclusive access to this record or 1 records: {made}"
    assert (bad["sf__Id"], bad["sf__Error"]) == (made, f"UNABLE_TO_LOCK_ROW:{text}:--")
    assert (info["retries"], count(salesforce)) == (0, 3)


def test_in_the_pilot_a_locked_row_is_tried_again_as_often_as_set(jobs, salesforce):
    jobs.settings(bulk_lock_retries=2)
    order(salesforce, "lock", field="Ext__c", value="1", count=2)
    order(salesforce, "lock", field="Ext__c", value="2", count=9)
    info = jobs.run(HEADER + rows(0, 4))
    assert (info["state"], info["retries"]) == ("JobComplete", 2)
    assert (info["numberRecordsProcessed"], info["numberRecordsFailed"]) == (4, 1)
    assert jobs.keys(info["id"], "failedResults") == [2]


def test_a_job_that_writes_details_locks_their_master_for_rest(jobs, salesforce, org):
    salesforce.create("Invoice__c", Ext__c="i")
    jobs.settings(bulk_row_seconds=1, lock_wait_seconds=0)
    job = jobs.begin("Ext__c,Invoice__r.Ext__c\nm,i\n", sobject="Memo__c")
    jobs.until(lambda: org.locks.holders)
    (row,) = salesforce.upsert("Invoice__c", "Ext__c", {"Ext__c": "i", "Total__c": 1})
    assert row["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"
    jobs.pass_time(1)
    assert jobs.ended(job)["numberRecordsFailed"] == 0
    assert salesforce.upsert("Invoice__c", "Ext__c", {"Ext__c": "i", "Total__c": 1})[0]["success"] is True


def test_a_rest_call_locks_rows_of_a_job_out(jobs, salesforce):
    salesforce.create("Invoice__c", Ext__c="i")
    jobs.settings(lock_wait_seconds=0)
    jobs.hold("upsert", "Invoice__c", "Ext__c", {"Ext__c": "i", "Total__c": 1})
    error = jobs.error("Ext__c,Invoice__r.Ext__c\nm,i\n", sobject="Memo__c")
    assert error.startswith("UNABLE_TO_LOCK_ROW:")


def test_a_job_counts_its_batches_of_10000_and_they_can_lock_each_other_out(jobs, salesforce, org):
    salesforce.create("Invoice__c", Ext__c="i")
    jobs.settings(lock_wait_seconds=0, bulk_row_seconds=0.0001)
    job = jobs.begin("Ext__c,Invoice__r.Ext__c\n" + "".join(f"{n},i\n" for n in range(10_001)), sobject="Memo__c")
    jobs.until(lambda: org.locks.holders)
    jobs.settings(bulk_row_seconds=0)
    assert jobs.keys(jobs.ended(job)["id"], "failedResults") == [10_000]
    assert salesforce.call("GET", "limits").json()["DailyBulkApiBatches"] == {"Max": 15000, "Remaining": 14998}


def test_one_batch_at_a_time_does_not_lock_itself_out(jobs, salesforce):
    salesforce.create("Invoice__c", Ext__c="i")
    jobs.settings(lock_wait_seconds=0, bulk_batches_at_once=1)
    info = jobs.run("Ext__c,Invoice__r.Ext__c\n" + "".join(f"{n},i\n" for n in range(10_001)), sobject="Memo__c")
    assert (info["numberRecordsProcessed"], info["numberRecordsFailed"]) == (10_001, 0)


def test_a_batch_that_takes_too_long_is_tried_twenty_times_more(jobs, salesforce, org):
    jobs.settings(bulk_row_seconds=2)
    job = jobs.begin(HEADER + rows(0, 4400))
    for done in range(0, 4200, 200):
        jobs.until(lambda done=done: len(org.jobs.find(job).outcomes) == done and org.locks.holders)
        jobs.pass_time(400)
    info = jobs.ended(job)
    assert (info["state"], info["retries"], info["numberRecordsProcessed"]) == ("Failed", 20, 4200)
    assert info["errorMessage"].startswith("Timeout : ")
    assert jobs.keys(job, "unprocessedrecords") == list(range(4200, 4400))
