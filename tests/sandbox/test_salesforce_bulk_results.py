"""The results of ingest jobs: when they are there, how they are written, in which order."""

import pytest
from salesforce_jobs import JobDesk


@pytest.fixture
def jobs(salesforce, org):
    with JobDesk(salesforce, org) as jobs:
        yield jobs


def test_results_are_there_only_when_the_job_has_ended(jobs, salesforce):
    jobs.settings(bulk_job_seconds=3600)
    job = jobs.begin("Ext__c,Name\n1,A\n")
    for which in ("successfulResults", "failedResults", "unprocessedrecords"):
        answer = salesforce.call("GET", f"jobs/ingest/{job}/{which}")
        assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALIDJOBSTATE")


def test_results_are_quoted_and_in_another_order_than_the_file(jobs):
    keys = [str(number) for number in range(20)]
    job = jobs.run("Ext__c,Name\n" + "".join(f"{key},A\n" for key in keys))["id"]
    text = jobs.text(job, "successfulResults")
    assert text.startswith('"sf__Id","sf__Created","Ext__c","Name"\n"001')
    found = [row["Ext__c"] for row in jobs.rows(job, "successfulResults")]
    assert sorted(found, key=int) == keys
    assert found != keys
    assert jobs.text(job, "successfulResults") == text


def test_even_two_rows_change_places(jobs):
    for _ in range(4):
        job = jobs.run("Ext__c,Name\n1,A\n2,B\n")["id"]
        assert [row["Ext__c"] for row in jobs.rows(job, "successfulResults")] == ["2", "1"]


def test_results_have_the_delimiter_and_line_end_of_the_job(jobs):
    job = jobs.run("Ext__c;Name\r\n1;A\r\n", columnDelimiter="SEMICOLON", lineEnding="CRLF")["id"]
    assert jobs.text(job, "successfulResults").partition("\n")[0] == '"sf__Id";"sf__Created";"Ext__c";"Name"\r'
    assert jobs.text(job, "unprocessedrecords") == '"Ext__c";"Name"\r\n'


def test_results_can_be_out_of_reach_for_a_while(jobs, salesforce):
    job = jobs.run("Ext__c,Name\n1,A\n")["id"]
    salesforce.admin("POST", "faults", [{"kind": "503", "path": "successfulResults"}])
    assert salesforce.call("GET", f"jobs/ingest/{job}/successfulResults").status_code == 503
    assert len(jobs.rows(job, "successfulResults")) == 1
