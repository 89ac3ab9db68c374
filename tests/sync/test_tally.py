"""Every record read has exactly one verdict, or the run does not count as done."""

from datetime import UTC, datetime, timedelta

import pytest
from deeds import customer

from pipelines.errors import Co2sfError
from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.sync.lag import Signs
from pipelines.sync.tally import Tally

at = datetime(2026, 3, 1, tzinfo=UTC)


def outcome(number, verdict, message=""):
    return Outcome("Account", str(number), "customer", number, verdict, at, message=message)


@pytest.mark.parametrize("read", [1, 3])
def test_a_sum_that_is_wrong_is_an_error_that_shows_it(read):
    tally = Tally("Account", read=read)
    tally.count([outcome(1, Verdict.CREATED), outcome(2, Verdict.HELD)])

    with pytest.raises(Co2sfError, match=rf"Account: the counts do not add up: read {read} != 1 created \+ 0 updated"):
        tally.check()


def test_a_payload_that_is_staged_twice_has_two_verdicts_and_one_row(world, sync, files):
    files.keep("customers")
    customer(world)
    sync.extract()
    (staged,) = sync.map()
    twice = staged.payloads.read(0, "payloads")
    staged.payloads.write(0, "payloads", twice.loc[[0, 0]].reset_index(drop=True))

    tally = sync.load([staged])["Account"].tally

    assert (tally.read, tally.verdicts) == (2, {"created": 1, "rejected": 1})
    assert tally.adds_up


def test_only_the_first_ten_problems_are_kept_and_what_is_unchanged_is_none():
    tally = Tally("Account")
    tally.count([outcome(0, Verdict.UNCHANGED, "left as it is")])
    tally.count([outcome(number, Verdict.REFUSED, "No") for number in range(12)])

    assert [problem.external_id for problem in tally.problems] == [str(number) for number in range(10)]


def test_the_median_and_the_longest_way_of_changes_are_kept():
    tally, other = Tally("Account"), Tally("Account")
    for seconds in (3, 9, 5):
        tally.landed(Signs(at, None), at + timedelta(seconds=seconds))
    other.landed(Signs(at, at + timedelta(seconds=10)), at + timedelta(seconds=11))
    other.landed(Signs(), at)
    tally.add(other)

    assert tally.lag.as_numbers() == {
        "lag seconds": 7, "lag seconds, longest": 11, "seconds since noticed": 1, "seconds since noticed, longest": 1,
    }  # fmt: skip


def test_clocks_that_differ_make_no_way_negative():
    tally = Tally("Account")
    tally.landed(Signs(at, None), at - timedelta(seconds=1))

    assert tally.lag.as_numbers() == {"lag seconds": 0, "lag seconds, longest": 0}


def test_of_very_many_ways_the_median_is_near_and_the_longest_exact():
    tally = Tally("Account")
    for number in range(50_001):
        tally.landed(Signs(at, None), at + timedelta(seconds=number))

    numbers = tally.lag.as_numbers()
    assert numbers["lag seconds, longest"] == 50_000
    assert len(tally.lag.changed.kept) <= 10_000
