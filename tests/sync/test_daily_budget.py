"""One budget of Salesforce calls a day for all processes: never beyond the share, slow before that, and never stuck."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from test_call_budget import Clock, noon

from pipelines.errors import TryLater
from pipelines.ledger.ledger import open_ledger
from pipelines.settings import SalesforceSettings
from pipelines.sync.allowance import BACKFILL, CHECK, LIVE, read_allowance
from pipelines.sync.daily_budget import DailyBudget

numbers = count()


@pytest.fixture
def ledger(tmp_path):
    with open_ledger(f"sqlite:///{tmp_path}/ledger.db") as opened:
        yield opened


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def budget(ledger, clock):
    """Makes a budget as a process has it: 100 calls for the org, so 50 for co2sf, 25 of them for backfills."""

    def make(lane=LIVE, allowed=100, **shares):
        budget = DailyBudget(ledger, settings(**shares), lane, clock)
        budget.told(0, allowed)
        return budget

    return make


def settings(**shares):
    return SalesforceSettings(url="https://acme.my.salesforce.com", client_id="id", **shares)


def take(budget, times, *, begins=True):
    for _ in range(times):
        budget.take(begins=begins)


def taken(budget, most=10_000):
    """How many calls can be taken until the budget stops."""
    for calls in range(most):
        try:
            budget.take(begins=True)
        except TryLater:
            return calls
    raise AssertionError("it never stopped")


def test_co2sf_makes_its_share_and_not_a_call_more(budget):
    live = budget()

    assert taken(live) == 50
    assert taken(budget()) == 0
    assert live.allowance.total == 50


def test_what_stops_says_how_much_of_what_until_when_and_what_to_set(budget):
    taken(budget())

    with pytest.raises(TryLater) as stopped:
        budget().take(begins=True)
    assert str(stopped.value) == (
        "Salesforce: co2sf has made 50 of the 50 calls that it may make in 24 hours (50 % of the org's 100); it goes "
        "on by itself, from 12:01 UTC on; to use more, raise SALESFORCE_CALLS_SHARE_PERCENT"
    )


def test_it_goes_on_by_itself_when_the_calls_are_a_day_old(budget, clock):
    live = budget()
    taken(live)
    clock.at = noon + timedelta(hours=24)
    assert taken(live) == 0
    clock.at += timedelta(minutes=2)
    assert taken(live) > 0


def test_backfills_leave_the_rest_to_what_is_live(budget):
    with pytest.raises(TryLater) as stopped:
        take(budget(BACKFILL), 26)
    assert str(stopped.value) == (
        "Salesforce: backfills have made 25 of the 25 calls that they may make in 24 hours (50 % of co2sf's 50); run "
        "it again from 12:01 UTC on, or raise SALESFORCE_BACKFILL_SHARE_PERCENT"
    )
    assert taken(budget(LIVE)) == 25


def test_backfills_stop_with_the_whole_share_too(budget):
    take(budget(LIVE), 40)

    assert taken(budget(BACKFILL)) == 10


def test_a_raised_share_holds_at_once(budget):
    taken(budget())

    assert taken(budget(calls_share_percent=60)) == 10


def test_a_check_is_counted_and_never_stopped(budget):
    taken(budget())

    take(budget(CHECK), 5)
    assert budget().allowance.made == {"live": 50, "check": 5}


def test_what_has_begun_goes_on_and_is_counted(budget):
    live = budget()
    taken(live)

    take(live, 3, begins=False)
    assert live.allowance.total == 53


def test_before_the_org_has_told_its_allowance_calls_are_made(ledger, clock):
    budget = DailyBudget(ledger, settings(), LIVE, clock)

    take(budget, 60)
    assert (clock.slept, budget.allowance.share) == ([], 0)


def test_the_allowance_is_remembered_for_the_next_process(budget, ledger, clock):
    budget(allowed=10)

    assert taken(DailyBudget(ledger, settings(), LIVE, clock)) == 5


def test_calls_are_spaced_from_four_fifths_of_the_share_on_and_not_before(budget, clock):
    live = budget()
    take(live, 41)
    assert clock.slept == []
    take(live, 9)
    assert clock.slept == [5.0] * 9


def test_the_gap_spreads_what_is_left_over_the_time_until_the_oldest_calls_are_a_day_old(budget, clock):
    live = budget(allowed=200_000)
    live._ledger.spend("https://acme.my.salesforce.com/", LIVE, 90_000, noon)
    clock.at = noon + timedelta(hours=20)

    take(live, 3)

    left_seconds = timedelta(hours=4, minutes=1).total_seconds()
    assert clock.slept == [pytest.approx(left_seconds / 10_000, rel=0.01)] * 2


def test_others_have_their_reserve_and_everybody_pauses_when_it_is_touched(budget, ledger, clock):
    first, second = budget(), budget()
    take(first, 1)
    first.told(89, 100)
    take(first, 1)
    first.told(90, 100)

    for each in (first, second, budget):
        with pytest.raises(TryLater) as stopped:
            (each if each is not budget else DailyBudget(ledger, settings(), BACKFILL, clock)).take(begins=True)
        clock.at += timedelta(seconds=1)
    assert str(stopped.value) == (
        "Salesforce: the org's apps have used 90 of its 100 calls of 24 hours, co2sf 2 of them, and 10 % stay for "
        "others; it goes on by itself, next at 12:05 UTC; to use more, lower SALESFORCE_CALLS_RESERVE_PERCENT"
    )


def test_a_pause_ends_by_itself_and_doubles_up_to_an_hour_while_the_org_stays_used_up(budget, clock):
    live, lasted = budget(), []
    for _ in range(6):
        live.told(95, 100)
        lasted.append((live.allowance.told.paused_until - clock.at) / timedelta(minutes=1))
        clock.at = live.allowance.told.paused_until
        take(live, 1)

    assert lasted == [5, 10, 20, 40, 60, 60]
    live.told(10, 100)
    live.told(95, 100)
    assert live.allowance.told.paused_until == clock.at + timedelta(minutes=5)


def test_several_threads_that_are_told_the_same_pause_once(budget, clock):
    live, other = budget(), budget()
    for each in (live, other, live):
        each.told(95, 100)

    assert live.allowance.told.paused_until == noon + timedelta(minutes=5)


def test_a_pause_ends_when_an_answer_shows_calls_again_or_the_reserve_is_lowered(budget, ledger, clock):
    live = budget()
    live.told(95, 100)
    take(DailyBudget(ledger, settings(calls_reserve_percent=4), LIVE, clock), 1)
    assert taken(DailyBudget(ledger, settings(), LIVE, clock)) == 0

    DailyBudget(ledger, settings(), CHECK, clock).told(10, 100)
    take(DailyBudget(ledger, settings(), LIVE, clock), 1)


def test_a_refusal_of_salesforce_pauses_everybody(budget, ledger, clock):
    budget().refused()

    assert taken(DailyBudget(ledger, settings(calls_reserve_percent=0), LIVE, clock)) == 0
    assert "100 of its 100" in read_allowance(ledger, settings(), clock.at).why_no_run()


def test_a_refusal_of_an_org_that_never_told_its_allowance_pauses_too(ledger, clock):
    budget = DailyBudget(ledger, settings(), LIVE, clock)
    budget.refused()

    with pytest.raises(TryLater, match="have used all its calls of 24 hours"):
        budget.take(begins=True)


def test_no_run_is_started_with_the_last_hundredth_of_the_share(budget, clock):
    live = budget(allowed=1_000)
    live._ledger.spend("https://acme.my.salesforce.com/", LIVE, 495, noon)
    assert live.allowance.why_no_run() == ""
    clock.at += timedelta(seconds=1)
    take(live, 1)
    assert "496 of the 500" in live.allowance.why_no_run()
    assert taken(live) == 4


@hypothesis_settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    allowed=st.integers(10, 120),
    steps=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from([LIVE, BACKFILL]), st.integers(1, 30), st.integers(0, 900)),
        max_size=6,
    ),
)
def test_no_24_hours_of_several_processes_have_more_calls_than_the_share(ledger, allowed, steps):
    clock, made = Clock(), []
    own = SalesforceSettings(url=f"https://{next(numbers)}.my.salesforce.com", client_id="id")
    budgets = {
        (number, lane): DailyBudget(ledger, own, lane, clock) for number in range(3) for lane in (LIVE, BACKFILL)
    }
    budgets[0, LIVE].told(0, allowed)
    for process, lane, calls, minutes in steps:
        clock.at += timedelta(minutes=minutes, seconds=1)  # what others did a second ago is known
        for _ in range(calls):
            try:
                budgets[process, lane].take(begins=True)
            except TryLater:
                break
            made.append((clock.at, lane))

    share = allowed * 50 // 100
    for at, _ in made:
        day = [lane for other, lane in made if at - timedelta(hours=24) < other <= at]
        assert len(day) <= share
        assert day.count(BACKFILL) <= share // 2
