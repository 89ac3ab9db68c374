"""Faults that stay stop the run with one sentence, nothing half recorded; when they are over the next run goes on."""

import pytest

from pipelines.errors import FixAccess, TryLater

LONG = 10_000


@pytest.mark.parametrize("kind", ["503", "lost_answer", "429", "html"])
def test_a_fault_that_stays_is_given_up_and_tried_again_by_the_next_run(case, kind):
    case.disturb(kind, after_calls=2, count=LONG)

    with pytest.raises(TryLater, match=r"^Salesforce[^\n]*(later|again)") as stopped:
        case.load()

    assert "\n" not in str(stopped.value)
    assert case.breaches_when_stopped() == []
    case.repair()
    assert case.breaches(case.load()) == []


@pytest.mark.parametrize(
    ("kind", "error", "text"),
    [("limit_exceeded", TryLater, "the org has used up its API calls of the last 24 hours .*; wait until the window "),
     ("expired_session", FixAccess, "the login is not accepted, even after a new one")],
)  # fmt: skip
def test_what_concerns_the_whole_org_is_said_at_once(case, kind, error, text):
    case.disturb(kind, after_calls=2, count=LONG)

    with pytest.raises(error, match=text):
        case.load()

    assert case.breaches_when_stopped() == []
    case.repair()
    assert case.breaches(case.load()) == []


def test_a_run_that_reads_everything_anew_finishes_what_was_stopped(case):
    case.disturb("limit_exceeded", after_calls=2, count=LONG)
    with pytest.raises(TryLater):
        case.load()

    case.repair()
    assert case.breaches(case.read_anew()) == []


@pytest.mark.parametrize(
    ("code", "error", "text"),
    [("STORAGE_LIMIT_EXCEEDED", FixAccess, "the org has no storage left"),
     ("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", TryLater, "the org is being maintained")],
)  # fmt: skip
def test_rows_that_are_refused_for_the_whole_org_stop_the_run_and_are_not_owed(case, code, error, text):
    case.order("refusal", sobject="ChargeOver_Invoice__c", every=7, count=LONG, code=code, message="no.")

    with pytest.raises(error, match=text):
        case.load()

    assert case.breaches_when_stopped() == []
    case.repair()
    assert case.breaches(case.load()) == []
