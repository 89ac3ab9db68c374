"""Ingest jobs as a caller sees them: opened, filled, closed, watched, listed, deleted."""

import pytest
from salesforce_desk import part
from salesforce_jobs import JobDesk

from sandbox.salesforce import Org, app


@pytest.fixture
def jobs(salesforce, org):
    with JobDesk(salesforce, org) as jobs:
        yield jobs


def refused(answer):
    """Status, code and message of a refused call."""
    (error,) = answer.json()
    return answer.status_code, error["errorCode"], error["message"]


def test_an_opened_job_is_described_like_in_the_docs(jobs, salesforce, org):
    asked = {"object": "account", "operation": "upsert", "externalIdFieldName": "Ext__c", "contentType": "CSV"}
    opened = salesforce.call("POST", "jobs/ingest", json=asked).json()
    created = opened.pop("createdDate")
    assert created.endswith(".000+0000")
    assert opened.pop("systemModstamp") == created
    assert opened == {
        "id": "7505g0000000001AAA",
        "operation": "upsert",
        "object": "Account",
        "createdById": org.user_id,
        "state": "Open",
        "externalIdFieldName": "Ext__c",
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": 67.0,
        "contentUrl": "services/data/v67.0/jobs/ingest/7505g0000000001AAA/batches",
        "lineEnding": "LF",
        "columnDelimiter": "COMMA",
    }


def test_a_job_that_has_ended_tells_counts_and_times_but_no_content_url(jobs):
    info = jobs.run("Ext__c,Name\n1,A\n2,\n")
    assert (info["state"], info["jobType"], info["retries"]) == ("JobComplete", "V2Ingest", 0)
    assert (info["numberRecordsProcessed"], info["numberRecordsFailed"]) == (2, 1)
    assert info["totalProcessingTime"] >= info["apiActiveProcessingTime"] >= info["apexProcessingTime"] == 0
    assert "contentUrl" not in info
    assert "errorMessage" not in info


def test_an_insert_has_no_external_id_field(jobs):
    assert "externalIdFieldName" not in jobs.info(jobs.open("insert"))


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"object": "Nope"}, "INVALIDJOB"),
        ({"operation": "merge"}, "INVALIDJOB"),
        ({"operation": None}, "INVALIDJOB"),
        ({"operation": "insert"}, "INVALIDJOB"),
        ({"contentType": "JSON"}, "INVALIDJOB"),
        ({"lineEnding": "CR"}, "INVALIDJOB"),
        ({"columnDelimiter": ","}, "INVALIDJOB"),
        ({"externalIdFieldName": "Phone"}, "INVALIDJOB"),
        ({"externalIdFieldName": "Hidden__c"}, "INVALIDJOB"),
        ({"externalIdFieldName": None}, "INVALIDJOB"),
        ({"concurrency": "Serial"}, "JSON_PARSER_ERROR"),
    ],
)
def test_a_job_that_cannot_be_is_refused_when_it_is_opened(jobs, salesforce, asked, code):
    body = {"object": "Account", "operation": "upsert", "externalIdFieldName": "Ext__c", **asked}
    assert refused(salesforce.call("POST", "jobs/ingest", json=body))[:2] == (400, code)
    assert salesforce.call("GET", "jobs/ingest").json()["records"] == []


def test_a_wrong_external_id_field_is_named(jobs, salesforce):
    body = {"object": "Account", "operation": "upsert", "externalIdFieldName": "Phone"}
    message = (
        "InvalidJob : Field name provided, Phone does not match an External ID, Salesforce Id, "
        "or indexed field for Account"
    )
    assert refused(salesforce.call("POST", "jobs/ingest", json=body)) == (400, "INVALIDJOB", message)


def test_a_hard_delete_needs_a_permission(jobs, salesforce):
    body = {"object": "Account", "operation": "hardDelete"}
    assert refused(salesforce.call("POST", "jobs/ingest", json=body))[:2] == (400, "FEATURENOTENABLED")


def test_an_upload_answers_nothing_and_is_the_only_one(jobs):
    job = jobs.open()
    answer = jobs.upload(job, 'garbage "\n')
    assert (answer.status_code, answer.content) == (201, b"")
    status, code, message = refused(jobs.upload(job, "Ext__c,Name\n"))
    assert (status, code) == (400, "CLIENTINPUTERROR")
    assert "Found multiple contents for job" in message


def test_an_upload_must_be_csv_of_a_job_that_is_open_and_not_too_large(jobs, stage, schema_folder):
    assert jobs.upload(jobs.open(), "Ext__c\n", "application/json").status_code == 415
    assert jobs.upload(jobs.open(), "Ext__c,Name\n", "text/csv; charset=UTF-8").status_code == 201
    job = jobs.open()
    jobs.change(job, "Aborted")
    assert refused(jobs.upload(job, "Ext__c\n"))[:2] == (400, "INVALIDJOBSTATE")
    stage.app = app(Org.from_metadata(schema_folder, largest_upload_bytes=11), admin=True)
    jobs.desk.log_in()
    assert [jobs.upload(jobs.open(), "Ext__c,Name" + more).status_code for more in ("", "\n")] == [201, 400]


def test_closing_answers_the_job_with_its_content_url(jobs):
    jobs.settings(bulk_job_seconds=3600)
    job = jobs.open()
    jobs.upload(job, "Ext__c,Name\n1,A\n")
    closed = jobs.change(job, "UploadComplete").json()
    assert (closed["state"], closed["contentUrl"]) == (
        "UploadComplete",
        f"services/data/v67.0/jobs/ingest/{job}/batches",
    )
    assert "numberRecordsProcessed" not in closed


def test_a_job_is_closed_once(jobs):
    job = jobs.begin("Ext__c,Name\n1,A\n")
    jobs.ended(job)
    expected = (400, "INVALIDJOBSTATE", "InvalidJobState : Closing already Completed Job not allowed")
    assert refused(jobs.change(job, "UploadComplete")) == expected
    expected = (400, "INVALIDJOBSTATE", "InvalidJobState : Aborting already Completed Job not allowed")
    assert refused(jobs.change(job, "Aborted")) == expected


def test_a_job_that_waits_or_runs_cannot_be_closed_again(jobs):
    jobs.settings(bulk_job_seconds=3600)
    job = jobs.begin("Ext__c,Name\n1,A\n")
    expected = (400, "INVALIDJOBSTATE", "InvalidJobState : Closing already closed Job not allowed")
    assert refused(jobs.change(job, "UploadComplete")) == expected


@pytest.mark.parametrize("state", ["Open", "InProgress", "JobComplete", None])
def test_other_states_cannot_be_asked_for(jobs, state):
    assert refused(jobs.change(jobs.open(), state))[:2] == (400, "INVALIDJOB")


def test_a_job_without_a_file_fails_late(jobs):
    job = jobs.open()
    assert jobs.change(job, "UploadComplete").json()["state"] == "UploadComplete"
    assert jobs.ended(job)["state"] == "Failed"


def test_jobs_are_listed_a_thousand_a_page(jobs, salesforce, org):
    first = org.jobs.find(jobs.open("insert"))
    for _ in range(999):
        org.jobs.open(first.asked, 67.0, org.user_id)
    full = salesforce.call("GET", "jobs/ingest").json()
    assert (len(full["records"]), full["done"], full["nextRecordsUrl"]) == (1000, True, None)
    jobs.open()
    page = salesforce.call("GET", "jobs/ingest").json()
    assert (len(page["records"]), page["done"], page["records"][0]["jobType"]) == (1000, False, "V2Ingest")
    more = salesforce.http.get(salesforce.url + page["nextRecordsUrl"]).json()
    assert (len(more["records"]), more["done"], more["nextRecordsUrl"]) == (1, True, None)
    assert not {one["id"] for one in page["records"]} & {one["id"] for one in more["records"]}


def test_only_a_job_that_has_ended_is_deleted(jobs, salesforce):
    job = jobs.open()
    assert refused(salesforce.call("DELETE", f"jobs/ingest/{job}"))[:2] == (400, "INVALIDJOBSTATE")
    jobs.change(job, "Aborted")
    assert salesforce.call("DELETE", f"jobs/ingest/{job}").status_code == 204
    assert refused(salesforce.call("GET", f"jobs/ingest/{job}"))[:2] == (404, "NOT_FOUND")


def test_a_job_is_found_by_15_characters_too_and_an_unknown_one_is_404(jobs, salesforce):
    job = jobs.open()
    assert jobs.info(job[:15])["id"] == job
    for method, rest in (("GET", ""), ("PATCH", ""), ("PUT", "/batches"), ("GET", "/failedResults"), ("DELETE", "")):
        answer = salesforce.call(method, f"jobs/ingest/7505g0000000009AAA{rest}", json={"state": "Aborted"})
        assert answer.status_code == 404


def test_a_job_is_open_for_a_day_and_its_results_are_kept_for_a_week(jobs, salesforce):
    opened, done = jobs.open(), jobs.run("Ext__c,Name\n1,A\n")["id"]
    salesforce.admin("POST", "clock", {"advance_seconds": 24 * 3600 - 60})
    salesforce.log_in()
    assert jobs.info(opened)["state"] == "Open"
    salesforce.admin("POST", "clock", {"advance_seconds": 120})
    assert jobs.info(opened)["state"] == "Failed"
    salesforce.admin("POST", "clock", {"advance_seconds": 6 * 24 * 3600})
    salesforce.log_in()
    assert salesforce.call("GET", f"jobs/ingest/{done}").status_code == 404
    assert salesforce.call("GET", f"jobs/ingest/{opened}").status_code == 200


def test_a_job_that_is_under_way_is_never_too_old(jobs, salesforce):
    jobs.settings(bulk_job_seconds=10**7)
    job = jobs.begin("Ext__c,Name\n1,A\n")
    salesforce.admin("POST", "clock", {"advance_seconds": 8 * 24 * 3600})
    salesforce.log_in()
    assert jobs.info(job)["state"] == "UploadComplete"


def test_every_call_about_a_job_counts(jobs, salesforce):
    job = jobs.open()
    jobs.upload(job, "Ext__c,Name\n")
    answer = salesforce.call("GET", f"jobs/ingest/{job}")
    assert answer.headers["Sforce-Limit-Info"] == "api-usage=3/100000"
    counts = salesforce.admin("GET", "requests")["counts"]
    assert counts["PUT jobs/ingest/{job}/batches"] == 1


def test_jobs_are_no_part_of_a_composite(salesforce):
    (answer,) = salesforce.composite(part("GET", "jobs/ingest", "a"))
    assert answer["httpStatusCode"] == 404


def test_a_lost_answer_to_the_close_leaves_the_job_closed(jobs, salesforce):
    job = jobs.open()
    jobs.upload(job, "Ext__c,Name\n1,A\n")
    salesforce.admin("POST", "faults", [{"kind": "503_after_commit", "method": "PATCH", "path": "jobs/ingest"}])
    assert jobs.change(job, "UploadComplete").status_code == 503
    assert jobs.ended(job)["state"] == "JobComplete"
