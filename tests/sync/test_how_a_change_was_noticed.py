"""What a run knows of the signal that led to a record, and how long its change took to Salesforce."""

from datetime import UTC, datetime, timedelta

import pytest
from deeds import customer, invoice, pay


@pytest.fixture
def customers():
    return 2


def lag(loaded, sobject):
    return loaded[sobject].tally.lag.as_numbers()


def test_a_record_that_a_webhook_named_counts_for_the_webhook_even_if_another_signal_shows_it_too(world, sync):
    sync()
    one, other = customer(world), customer(world)
    sync.ledger.note("customer", [one], "webhook", datetime.now(UTC))

    sync.extract()

    assert sync.read["customer"].signals["webhook"] == 1
    assert sync.read["customer"].signals["cursor"] >= 1
    assert other != one


def test_a_hint_by_a_payment_does_not_hide_that_a_webhook_came_before_it(world, sync):
    owner = customer(world)
    bill = invoice(world, owner)
    sync()
    pay(world, owner, (bill, 80))
    sync.ledger.note("invoice", [bill], "webhook", datetime.now(UTC) - timedelta(seconds=40))

    loaded = sync.load((sync.extract(), sync.map())[1])

    assert sync.read["invoice"].signals["webhook"] == 1
    assert 40 <= lag(loaded, "ChargeOver_Invoice__c")["seconds since noticed, longest"] < 70


def test_a_change_is_timed_by_chargeover_s_own_moment_whatever_its_clock_says(world, sync):
    sync()
    world.chargeover("clock", {"advance_seconds": 86_400})
    customer(world)

    loaded = sync.load((sync.extract(), sync.map())[1])

    assert lag(loaded, "Account")["lag seconds"] < 30


def test_a_row_that_had_seen_the_last_edit_is_not_timed_from_it(world, sync):
    owner = customer(world)
    bill = invoice(world, owner)
    sync()
    sync.extract(whole=True)  # it was seen after the second of its edit was over
    sync.load(sync.map())
    pay(world, owner, (bill, 80))

    loaded = sync.load((sync.extract(), sync.map())[1])

    assert loaded["ChargeOver_Invoice__c"].tally.as_numbers()["updated"] == 1
    assert "lag seconds" not in lag(loaded, "ChargeOver_Invoice__c")
    assert "seconds since noticed" in lag(loaded, "ChargeOver_Invoice__c")
