"""Faults that pass are survived by the run itself: all lands, nothing twice, nobody is asked."""

import pytest

PASSING = ["503", "503_after_commit", "lost_answer", "cut_json", "429", "429_retry_after", "html",
           "long_limit_exceeded", "expired_session"]  # fmt: skip


def check_passed(case, kind):
    """It happens once; the run survives it by itself."""
    case.disturb(kind, after_calls=1, seconds=7)

    loaded = case.load()

    assert case.faults_left == 0
    assert case.breaches(loaded) == []
    assert case.writes_once_more() == 0
    assert (7 in case.waits) == (kind == "429_retry_after")


@pytest.mark.parametrize("kind", PASSING)
def test_a_fault_that_passes_costs_a_call_and_nothing_else(case, kind):
    check_passed(case, kind)


@pytest.mark.parametrize("answer_within", [1])
def test_an_answer_that_comes_too_late_costs_a_call_and_nothing_else(case, answer_within):
    check_passed(case, "late_answer")


@pytest.mark.parametrize("wrapped", [False, True], ids=["bare", "inside a trigger error"])
def test_locks_on_every_50th_row_are_waited_for(case, wrapped):
    case.order("lock", every=50, count=10_000, wrapped=wrapped)

    loaded = case.load()

    assert case.waits
    assert case.breaches(loaded) == []
