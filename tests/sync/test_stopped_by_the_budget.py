"""A load that the budget of Salesforce calls stops half way: what was sent has its verdicts, the next run finishes."""

from datetime import UTC, datetime, timedelta

import pytest
from test_call_budget import Clock

from pipelines.errors import TryLater
from pipelines.settings import SalesforceSettings, read_settings
from pipelines.sync.accounts import org_of
from pipelines.sync.allowance import LIVE, account_of
from pipelines.sync.daily_budget import DailyBudget
from pipelines.sync.load import Loader
from pipelines.sync.writer import Run

pytestmark = pytest.mark.slow


@pytest.fixture
def customers():
    """More than one request holds."""
    return 1_050


@pytest.fixture
def clock():
    return Clock(datetime.now(UTC))


@pytest.fixture
def load(world, sync, files, clock, monkeypatch):
    """Reads and loads all customers, at most 1,000 calls a day; the counts."""
    monkeypatch.setenv("SALESFORCE_CALLS_SHARE_PERCENT", "1")
    files.keep("customers")

    def go():
        sync.extract(whole=True)
        shelf, settings = sync.shelf(), read_settings(SalesforceSettings)
        run = Run(str(sync.runs), sync.now, {each.to: each.fingerprint for each in shelf.mappings})
        org = org_of(settings, DailyBudget(sync.ledger, settings, LIVE, clock))
        loader = Loader(org, sync.ledger, run, {each.to: each.external_id for each in shelf.mappings})
        (loaded,) = loader.load(sync.map())
        return loaded.tally.as_numbers()

    return go


def test_a_load_stopped_half_way_is_finished_once_the_calls_are_a_day_old(world, sync, load, clock):
    account = account_of(read_settings(SalesforceSettings))
    sync.ledger.spend(account, LIVE, 998, clock.now())  # one to describe, and one to write, are left

    with pytest.raises(TryLater, match="co2sf has made 1,000 of the 1,000 calls that it may make in 24 hours"):
        load()
    first = len(world.rows("Account"))
    assert 0 < first < 1_050
    assert sync.ledger.counts("Account") == first
    assert sync.ledger.owed() == []
    assert "Account" not in sync.ledger.watermarks()
    used = world.salesforce("state")["api_usage"]["used"]
    assert used == 2
    with pytest.raises(TryLater):
        load()
    assert world.salesforce("state")["api_usage"]["used"] == used

    clock.at += timedelta(hours=24, minutes=2)
    told = load()

    assert (told["created"], told["unchanged"]) == (1_050 - first, first)
    assert len(world.rows("Account")) == 1_050
    assert sync.ledger.owed() == []
    assert "Account" in sync.ledger.watermarks()


def test_a_load_goes_on_after_others_have_used_the_org_up(world, sync, load, clock):
    account = account_of(read_settings(SalesforceSettings))
    DailyBudget(sync.ledger, read_settings(SalesforceSettings), LIVE, clock).told(95_000, 100_000)

    with pytest.raises(TryLater, match="the org's apps have used 95,000 of its 100,000 calls"):
        load()
    assert world.rows("Account") == {}
    assert sync.ledger.spent(account, clock.now()) == {}

    clock.at += timedelta(minutes=5)
    assert load()["created"] == 1_050
