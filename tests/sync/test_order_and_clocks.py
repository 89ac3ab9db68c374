"""The later observation wins, whoever comes last, and whatever the clocks say."""

import pytest
from deeds import customer, edit, invoice, pay


def test_an_older_observation_never_overwrites_a_newer_one(world, sync, files):
    files.keep("customers")
    buyer = customer(world, "First")
    sync()
    edit(world, "customer", buyer, company="Seen by the slow run")
    sync.extract()
    slow = sync.map()
    edit(world, "customer", buyer, company="Newest")
    sync()
    before = world.write_calls()

    tally = sync.load(slow)["Account"].tally

    assert (tally.read, tally.verdicts["unchanged"]) == (1, 1)
    assert world.write_calls() == before
    assert world.rows("Account")[str(buyer)]["Name"] == "Newest"


def test_a_slow_run_does_not_take_a_watermark_back(world, sync, files):
    files.keep("customers")
    customer(world)
    sync()
    sync.extract()
    slow = sync.map()
    sync()
    after = sync.ledger.watermarks()["Account"].end_at

    sync.load(slow)

    assert sync.ledger.watermarks()["Account"].end_at == after


@pytest.mark.parametrize("days", [-3, 3])
def test_a_chargeover_clock_that_is_days_off_loses_no_change(world, sync, days):
    world.chargeover("clock", {"advance_seconds": days * 86400})
    buyer = customer(world, "First")
    bill = invoice(world, buyer)
    sync()
    for number in range(2):
        world.chargeover("clock", {"advance_seconds": 2})
        edit(world, "customer", buyer, company=f"Name {number}")
        pay(world, buyer, (bill, 10))
        sync()

    assert world.rows("Account")[str(buyer)]["Name"] == "Name 1"
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Balance__c"] == 60
    assert abs((sync.ledger.watermarks()["Account"].end_at - sync.now()).days - days) <= 1


@pytest.mark.parametrize("style", [{"datetimes": "zoneless"}, {"zone": "Asia/Kolkata"}, {"mod_datetime": "kind"}])
def test_accounts_with_other_times_are_followed(world, sync, monkeypatch, style):
    world.chargeover("settings", style)
    if "zone" in style:
        monkeypatch.setenv("CHARGEOVER_ZONE", style["zone"])
    buyer = customer(world, "First")
    sync()
    for number in range(2):
        world.chargeover("clock", {"advance_seconds": 600})
        edit(world, "customer", buyer, company=f"Name {number}")
        assert sync()["Account"] == {"read": 1, "updated": 1}
