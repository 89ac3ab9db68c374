"""What a day allows ingest jobs, and jobs that outlive their server; the org's clock stands still unless moved."""

import json
from datetime import UTC, datetime

import pytest
from salesforce_jobs import HEADER, JobDesk, rows

from sandbox.salesforce import Org, app

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


def test_the_days_batches_can_be_used_up(still, stage, salesforce):
    org = Org.from_metadata(**still, daily_bulk_batches=1)
    stage.app = app(org, admin=True)
    salesforce.log_in()
    with JobDesk(salesforce, org) as jobs:
        assert jobs.run(HEADER + rows(0, 2))["state"] == "JobComplete"
        assert jobs.failure(HEADER + rows(2, 4)).startswith("ExceededQuota : ")
        assert salesforce.call("GET", "limits").json()["DailyBulkApiBatches"] == {"Max": 1, "Remaining": 0}
        jobs.pass_time(24 * 3600)
        assert jobs.run(HEADER + rows(2, 4))["state"] == "JobComplete"


def test_the_days_rows_can_be_used_up_in_the_middle_of_a_job(still, stage, salesforce):
    org = Org.from_metadata(**still, daily_bulk_rows=10_001)
    stage.app = app(org, admin=True)
    salesforce.log_in()
    with JobDesk(salesforce, org) as jobs:
        jobs.settings(bulk_batches_at_once=1)
        info = jobs.run(HEADER + rows(0, 10_002))
        assert (info["state"], info["numberRecordsProcessed"]) == ("Failed", 10_000)
        assert jobs.keys(info["id"], "unprocessedrecords") == [10_000, 10_001]


def test_the_days_rows_come_back_after_a_day(still, stage, salesforce):
    org = Org.from_metadata(**still, daily_bulk_rows=3)
    stage.app = app(org, admin=True)
    salesforce.log_in()
    with JobDesk(salesforce, org) as jobs:
        states = [jobs.run(HEADER + rows(0, 3))["state"], jobs.run(HEADER + rows(0, 1))["state"]]
        jobs.pass_time(24 * 3600)
        assert [*states, jobs.run(HEADER + rows(0, 3))["state"]] == ["JobComplete", "Failed", "JobComplete"]


def test_jobs_go_on_and_results_stay_when_an_org_is_saved_and_loaded(jobs, salesforce, org, stage, still):
    done = jobs.run(HEADER + rows(0, 2) + "2,\n")["id"]
    jobs.settings(bulk_row_seconds=1)
    halfway = jobs.begin(HEADER + rows(10, 260))
    jobs.until(lambda: org.locks.holders)
    jobs.pass_time(200)
    jobs.until(lambda: jobs.info(halfway)["numberRecordsProcessed"] == 200)
    waiting = jobs.open()
    again = Org.load(json.loads(json.dumps(org.dump())), **still)
    stage.app = app(again, admin=True)
    salesforce.log_in()
    assert again.batches.used == org.batches.used == 2
    assert (jobs.keys(done, "successfulResults"), jobs.keys(done, "failedResults")) == ([0, 1], [2])
    info = jobs.ended(halfway)
    assert (info["state"], info["numberRecordsProcessed"], info["numberRecordsFailed"]) == ("JobComplete", 250, 0)
    assert count(salesforce) == 252
    assert again.bulk_rows.used == 3 + 250 + 50
    assert jobs.upload(waiting, HEADER + rows(300, 301)).status_code == 201
    assert jobs.open() not in {done, halfway, waiting}
    stage.app = app(org, admin=True)
    salesforce.log_in()
