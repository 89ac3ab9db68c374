"""Ingest jobs that end badly, early, half way or late: what they saved counts, what they left is sent by requests."""

import pytest

pytestmark = pytest.mark.parametrize("way", ["Bulk"])

INVOICE = "ChargeOver_Invoice__c"


@pytest.mark.parametrize("message", ["TooManyLockFailure : Too many lock failures", "Unknown : An unexpected error"])
def test_jobs_that_fail_half_way_lose_and_double_nothing(case, message):
    case.order("job_fails", after_rows=37, count=9, message=message)

    loaded = case.load()

    assert case.faults_left < 9
    assert case.breaches(loaded) == []


def test_a_job_that_fails_after_its_last_row_has_saved_its_rows(case):
    case.order("job_fails", sobject=INVOICE, after_rows=10_000)

    loaded = case.load()

    assert case.faults_left == 0
    assert case.breaches(loaded) == []


def test_a_job_that_someone_aborts_is_finished_by_requests(case):
    case.order("job_aborted", sobject=INVOICE, after_rows=37)

    loaded = case.load()

    assert case.faults_left == 0
    assert case.breaches(loaded) == []


def test_a_job_that_stays_in_progress_is_waited_for(case):
    case.order("job_stalls", sobject=INVOICE, seconds=0.2)

    loaded = case.load()

    assert case.faults_left == 0
    assert case.breaches(loaded) == []


@pytest.mark.parametrize("result", ["successfulResults", "failedResults"])
def test_results_without_an_answer_are_asked_for_again(case, result):
    case.order("job_fails", sobject=INVOICE, after_rows=37)
    case.order("503", path=result)
    case.order("lost_answer", path=result)

    loaded = case.load()

    assert case.faults_left == 0
    assert case.breaches(loaded) == []


def test_locked_rows_of_a_failed_job_land_too(case):
    case.order("job_fails", sobject=INVOICE, after_rows=60, message="TooManyLockFailure : Too many lock failures")
    case.order("lock", sobject=INVOICE, every=10, count=6)

    assert case.breaches(case.load()) == []
