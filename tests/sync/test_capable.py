"""What an account supports is asked once; later only what could not be told, or what a person may have mended."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.session import Patience
from pipelines.errors import TryLater
from pipelines.ledger.ledger import open_ledger
from pipelines.sync.capable import capabilities

chicago, berlin = ZoneInfo("America/Chicago"), ZoneInfo("Europe/Berlin")
at = datetime(2026, 3, 2, 12, tzinfo=UTC)
hour = timedelta(hours=1)


@pytest.fixture
def customers():
    return 12


class Asker:
    """Asks what the account supports, and says how many calls that took."""

    def __init__(self, url, ledger):
        self.url, self.ledger = url, ledger
        self.calls = 0

    def __call__(self, zone=chicago, now=at, **options):
        patience = Patience(repeats=0)
        chargeover = ChargeOver(self.url, "sandbox-public-key", "sandbox-private-key", patience=patience)
        chargeover.now()
        before = chargeover.calls
        try:
            return capabilities(chargeover, self.ledger, self.url, zone, now, **options)
        finally:
            self.calls = chargeover.calls - before


@pytest.fixture
def ask(world):
    with open_ledger(f"sqlite:///{world.home / 'ledger.db'}") as ledger:
        yield Asker(world.chargeover_url, ledger)


def test_an_account_is_asked_once_and_then_the_ledger(ask):
    found = ask()
    assert ask.calls > 30
    assert found["filter user.mod_datetime"] == "no"
    assert "page_limit" not in found

    assert ask(now=at + 23 * hour) == found
    assert ask.calls == 0


def test_what_a_run_has_learned_by_a_refusal_is_not_taken_for_an_answer_to_everything(ask):
    ask.ledger.learn(ask.url, {"filter customer.mod_datetime": "no"}, at)

    assert ask()["filter customer.mod_datetime"] == "yes"


def test_what_records_could_not_show_is_asked_for_once_a_day(ask, world):
    ask()
    for number in range(500):
        world.create("customer", company=f"Customer {number}")

    assert "page_limit" not in ask(now=at + 23 * hour)
    assert ask(now=at + 25 * hour)["page_limit"] == "500"
    assert ask.calls < 30  # with what was denied, which is asked for anew


def test_what_still_cannot_be_told_waits_for_another_day(ask):
    ask()
    ask(now=at + 25 * hour)
    assert ask.calls > 0

    ask(now=at + 48 * hour)
    assert ask.calls == 0


def test_a_clock_that_was_set_back_does_not_stop_the_asking(ask):
    ask(now=at + 10000 * hour)
    ask()

    assert ask.calls > 0


def test_all_is_asked_again_when_a_person_wants_it(ask, world):
    world.chargeover("settings", {"extra_filters": ["user.mod_datetime"], "refused_filters": ["package.mod_datetime"]})
    before = ask()
    assert (before["filter user.mod_datetime"], before["filter package.mod_datetime"]) == ("yes", "no")
    world.chargeover("settings", {"extra_filters": [], "refused_filters": []})

    assert ask() == before
    after = ask(again=True)

    assert (after["filter user.mod_datetime"], after["filter package.mod_datetime"]) == ("no", "yes")
    assert ask() == after


def test_another_zone_is_compared_at_once(ask):
    assert ask()["zone"] == "fits"

    assert "CHARGEOVER_ZONE Europe/Berlin" in ask(zone=berlin)["zone"]
    assert ask.calls == 1
    ask(zone=berlin)
    assert ask.calls == 0
    assert ask(zone=chicago)["zone"] == "fits"


def test_an_account_that_was_mended_is_found_in_order_within_a_day(ask, world):
    world.chargeover("settings", {"datetimes": "%m/%d/%Y %H:%M:%S"})
    assert ask()["datetimes"] == "unreadable"
    world.chargeover("settings", {"datetimes": "offset", "zone": "Europe/Berlin"})

    found = ask(now=at + 25 * hour)
    assert found["datetimes"] == "offset"
    assert "ChargeOver writes" in found["zone"]
    world.chargeover("settings", {"zone": "America/Chicago"})

    assert ask(now=at + 50 * hour)["zone"] == "fits"


def test_a_trouble_in_the_middle_leaves_the_ledger_as_it_was(ask, world):
    world.chargeover("faults", [{"kind": "503", "path": "quote"}])

    with pytest.raises(TryLater):
        ask()

    assert ask.ledger.capabilities(ask.url) == {}
