"""One budget of calls for all processes: kept to the minute, the urgent before the patient, and never stuck."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Lock, Thread
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.errors import TryLater
from pipelines.ledger.ledger import open_ledger
from pipelines.sync.budget import LocalClock, SharedBudget

account = "https://acme.chargeover.com"
numbers = count()
noon = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self, at=noon):
        self.at, self.slept = at, []
        self._lock = Lock()

    def now(self):
        return self.at

    def sleep(self, seconds):
        assert 0 < seconds <= 60
        assert len(self.slept) < 5000, "it waits for ever"
        with self._lock:
            self.slept.append(seconds)
            self.at += timedelta(seconds=seconds)


@pytest.fixture
def ledger(tmp_path):
    with open_ledger(f"sqlite:///{tmp_path}/ledger.db") as opened:
        yield opened


@pytest.fixture
def clock():
    return Clock()


def take(budget, signal, times):
    for _ in range(times):
        budget.take(signal)


def test_a_minute_has_as_many_calls_as_allowed_and_the_next_one_follows_in_the_next(ledger, clock):
    budget = SharedBudget(ledger, account, 30, clock)

    take(budget, "cursor", 30)
    assert clock.slept == []
    take(budget, "cursor", 1)
    assert clock.at == noon + timedelta(minutes=1)


def test_the_wait_ends_with_the_minute_not_a_minute_later(ledger, clock):
    clock.at += timedelta(seconds=57.5)
    budget = SharedBudget(ledger, account, 1, clock)

    take(budget, "cursor", 2)

    assert clock.slept == [2.5]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    limit=st.integers(1, 200),
    takes=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["webhook", "watch", "sweep"]), st.integers(1, 60)), max_size=9
    ),
)
def test_no_minute_of_several_processes_has_more_calls_than_allowed(ledger, limit, takes):
    clock, made, own = Clock(), Counter(), f"https://{next(numbers)}.chargeover.com"
    budgets = [SharedBudget(ledger, own, limit, clock) for _ in range(3)]
    for process, signal, times in takes:
        for _ in range(times):
            budgets[process].take(signal)
            made[clock.at.replace(second=0, microsecond=0)] += 1

    assert all(calls <= limit for calls in made.values())
    assert sum(made.values()) == sum(times for _, _, times in takes) <= sum(ledger.spent(own, noon).values())


@pytest.mark.parametrize(("signal", "allowed"), [("sweep", 50), ("watch", 80), ("owed", 100), ("webhook", 100)])
def test_what_can_wait_leaves_the_rest_of_a_minute_to_what_is_urgent(ledger, clock, signal, allowed):
    budget = SharedBudget(ledger, account, 100, clock)

    take(budget, signal, allowed)
    assert clock.at == noon
    take(budget, signal, 1)
    assert clock.at > noon


def test_a_sweep_that_waits_does_not_keep_a_webhook_waiting(ledger, clock):
    take(SharedBudget(ledger, account, 10, clock), "sweep", 5)
    budget = SharedBudget(ledger, account, 10, clock)

    take(budget, "webhook", 5)
    assert clock.slept == []


def test_what_other_processes_have_used_counts_for_a_sweep(ledger, clock):
    take(SharedBudget(ledger, account, 100, clock), "cursor", 50)

    take(SharedBudget(ledger, account, 100, clock), "sweep", 1)

    assert clock.at == noon + timedelta(minutes=1)


def test_who_waits_takes_nothing_from_the_minute(ledger, clock):
    take(SharedBudget(ledger, account, 10, clock), "cursor", 5)
    for _ in range(9):
        SharedBudget(ledger, account, 10, Clock()).take("sweep")

    assert ledger.spend(account, "cursor", 0, noon) == 5
    assert sum(ledger.spent(account, noon + timedelta(minutes=1)).values()) == 9


def test_one_call_a_minute_is_enough_for_everybody_in_turn(ledger, clock):
    """Half of one call is none: a sweep must get it all the same, or it would wait for ever."""
    budget = SharedBudget(ledger, account, 1, clock)

    for signal in ("sweep", "watch", "cursor", "sweep"):
        budget.take(signal)

    assert clock.at == noon + timedelta(minutes=3)


def test_a_process_whose_clock_is_ahead_does_not_stop_the_others(ledger, clock):
    take(SharedBudget(ledger, account, 10, Clock(noon + timedelta(minutes=5))), "cursor", 10)

    take(SharedBudget(ledger, account, 10, clock), "cursor", 10)

    assert clock.slept == []


def test_accounts_have_a_budget_each(ledger, clock):
    take(SharedBudget(ledger, account, 5, clock), "cursor", 5)

    take(SharedBudget(ledger, "https://other.chargeover.com", 5, clock), "cursor", 5)

    assert clock.slept == []


def test_few_calls_are_written_down_exactly_and_many_rarely(ledger, clock):
    written = []
    counting = SimpleNamespace(
        spend=lambda *words: written.append(words[2]) or ledger.spend(*words),
        paused_until=ledger.paused_until,
    )
    budget = SharedBudget(counting, account, 600, clock)

    take(budget, "cursor", 1)
    assert ledger.spent(account, noon) == {"cursor": 1}
    take(budget, "cursor", 299)
    assert sum(written) < 310
    assert len(written) < 40


def test_what_is_left_of_a_block_ends_with_its_minute(ledger, clock):
    budget = SharedBudget(ledger, account, 600, clock)
    take(budget, "cursor", 17)
    clock.at += timedelta(minutes=1)

    take(budget, "cursor", 1)

    assert ledger.spent(account, clock.at) == {"cursor": 1}


def test_a_pause_holds_every_process_until_its_end(ledger, clock):
    SharedBudget(ledger, account, 600, clock).pause(40)

    SharedBudget(ledger, account, 600, clock).take("webhook")

    assert clock.slept == [40]


def test_a_pause_of_this_process_holds_at_once_even_within_a_block(ledger, clock):
    budget = SharedBudget(ledger, account, 600, clock)
    take(budget, "cursor", 9)
    budget.pause(30)
    budget.pause(5)

    take(budget, "cursor", 1)

    assert clock.slept == [30]


def test_a_pause_of_another_process_is_noticed_with_the_next_block(ledger, clock):
    budget, calls = SharedBudget(ledger, account, 600, clock), 0
    take(budget, "cursor", 40)
    SharedBudget(ledger, account, 600, clock).pause(30)

    while not clock.slept:
        budget.take("cursor")
        calls += 1

    assert calls <= 600 / 60 + 1


def test_a_pause_of_more_than_a_minute_is_left_to_the_next_run(ledger, clock):
    SharedBudget(ledger, account, 600, clock).pause(61)

    with pytest.raises(TryLater, match="left alone for another 61 s"):
        SharedBudget(ledger, account, 600, clock).take("cursor")
    clock.at += timedelta(seconds=62)
    SharedBudget(ledger, account, 600, clock).take("cursor")
    assert clock.slept == []


def test_many_threads_share_a_budget(ledger):
    budget, done = SharedBudget(ledger, account, 6000), []
    threads = [Thread(target=lambda: done.append(take(budget, "cursor", 20))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)

    assert len(done) == 8
    assert 160 <= sum(ledger.spent(account, datetime.now(UTC) - timedelta(minutes=1)).values()) <= 160 + 100


def test_by_default_time_is_that_of_this_machine():
    assert abs(LocalClock().now() - datetime.now(UTC)) < timedelta(seconds=1)
