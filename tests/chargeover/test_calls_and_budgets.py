"""Each call is made for a signal and taken from a budget that all who share an account share."""

from threading import Thread
from time import monotonic

import pytest
from stage import client_of

from pipelines.chargeover.budget import Unlimited
from pipelines.errors import TryLater
from pipelines.settings import ChargeOverSettings, read_settings
from pipelines.sync.accounts import chargeover_of

busy = '{"code":%d,"status":"Error","message":"Slow down","details":{},"response":false}'


class Purse:
    """A budget that remembers what it was asked for."""

    def __init__(self):
        self.taken, self.pauses = [], []

    def take(self, signal):
        self.taken.append(signal)

    def pause(self, seconds):
        self.pauses.append(seconds)


@pytest.fixture
def purse():
    return Purse()


@pytest.fixture
def account(stage, purse):
    account = client_of(stage, budget=purse)
    account.now()
    purse.taken.clear()
    return account


def test_every_call_is_taken_from_the_budget_for_its_signal(account, purse, desk):
    customer_id = desk.customers(1)[0]
    watch, sweep = account.on_behalf_of("watch"), account.on_behalf_of("sweep")
    watch.get("customer", customer_id)
    sweep.page("customer", [])
    sweep.count("customer", [])

    assert purse.taken == ["watch", "sweep", "sweep"]
    assert account.calls_by_signal == {"probe": 1, "watch": 1, "sweep": 2}
    assert account.calls == watch.calls == sweep.calls == 4


def test_the_account_that_settings_lead_to_takes_its_calls_from_the_budget_given(monkeypatch, tmp_path, stage, purse):
    monkeypatch.chdir(tmp_path)
    keys = {"PUBLIC_KEY": "sandbox-public-key", "PRIVATE_KEY": "sandbox-private-key"}
    for name, value in (keys | {"URL": stage.url}).items():
        monkeypatch.setenv(f"CHARGEOVER_{name}", value)

    chargeover_of(read_settings(ChargeOverSettings), purse).now()

    assert purse.taken == ["probe"]


def test_a_view_shares_the_clock_and_the_lengths_of_pages(account, company, stage):
    view = account.on_behalf_of("cursor")
    stage.canned = [(504, "text/html", "<html>")]
    view.page("customer", [])

    assert view.clock is account.clock
    assert account.page_limit("customer") == 250


def test_repeats_are_taken_from_the_budget_and_counted_like_first_calls(account, purse, stage):
    stage.canned = [(500, "application/json", busy % 500)] * 3

    account.on_behalf_of("touched").count("customer", [])

    assert purse.taken == ["touched"] * 4
    assert account.calls_by_signal["touched"] == 4


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_pauses_the_budget_for_everybody(account, purse, stage, status):
    stage.canned = [(status, "application/json", busy % status, {"retry-after": "7"})]

    account.count("customer", [])

    assert purse.pauses == [7]


def test_retry_after_may_be_a_moment_on_the_server_clock(account, purse, stage):
    dates = {"date": "Sun, 01 Mar 2026 12:00:00 GMT", "retry-after": "Sun, 01 Mar 2026 12:00:09 GMT"}
    stage.canned = [(503, "application/json", busy % 503, dates)]

    account.count("customer", [])

    assert purse.pauses == [9]


@pytest.mark.parametrize("asked", ["", "soon", "-5", "0", "Sun, 32 Foo 2026"])
@pytest.mark.parametrize("status", [429, 503])
def test_without_a_usable_retry_after_nobody_is_paused(account, purse, stage, status, asked):
    stage.canned = [(status, "application/json", busy % status, {"retry-after": asked})] * 2

    account.count("customer", [])

    assert purse.pauses == []


def test_a_wait_of_a_day_pauses_all_for_an_hour_and_ends_the_run(account, purse, stage):
    stage.canned = [(429, "application/json", busy % 429, {"retry-after": "86400"})] * 2

    with pytest.raises(TryLater, match="HTTP 429"):
        account.count("customer", [])

    assert purse.pauses == [3600]
    assert len(purse.taken) == 1


def test_without_a_budget_a_long_pause_still_holds_for_all_views(stage):
    account = client_of(stage)
    account.now()
    stage.canned = [(503, "application/json", busy % 503, {"retry-after": "3600"})]
    with pytest.raises(TryLater, match="HTTP 503"):
        account.on_behalf_of("sweep").count("customer", [])
    calls = len(stage.asked)

    with pytest.raises(TryLater, match=r"left alone for another 3[56]\d\d s .* 'webhook'"):
        account.on_behalf_of("webhook").count("customer", [])

    assert len(stage.asked) == calls


def test_two_accounts_without_a_budget_do_not_pause_each_other(stage):
    one, other = client_of(stage), client_of(stage)
    other.now()
    stage.canned = [(503, "application/json", busy % 503, {"retry-after": "3600"})]
    with pytest.raises(TryLater):
        one.count("customer", [])

    assert other.count("customer", []) == 0


def test_a_short_pause_is_waited_out_by_all_and_the_later_end_counts():
    budget, done, start = Unlimited(), [], monotonic()
    budget.pause(0.15)
    budget.pause(0.01)
    waiting = [Thread(target=lambda: (budget.take("cursor"), done.append(1))) for _ in range(3)]
    for each in waiting:
        each.start()
    for each in waiting:
        each.join(5)
    assert done == [1, 1, 1]
    assert monotonic() - start >= 0.15
