"""Each signal on its own: what it alone shows is in Salesforce when its time has come, and not before.

Runs are paced, as those that the sensor starts: a list is walked over only when it is its turn."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from deeds import card, customer, edit, invoice, pay, subscribe

from pipelines.errors import FixAccess

minutes, hours, days = 60, 3600, 86400


@pytest.fixture
def later(world):
    """Lets time pass in ChargeOver."""

    def later(seconds):
        world.chargeover("clock", {"advance_seconds": seconds})

    return later


@pytest.fixture
def synced(sync, later):
    """A paced run after some seconds; what it did, by sObject."""

    def synced(after):
        later(after)
        return sync(paced=True)

    return synced


def test_cursor_an_edit_arrives_with_the_next_run(world, sync, synced):
    acme = customer(world)
    sync()
    synced(3 * minutes)
    edit(world, "customer", acme, company="Acme & Sons")

    assert synced(5) == {"Account": {"read": 1, "updated": 1}}
    assert world.rows("Account")[str(acme)]["Name"] == "Acme & Sons"


def test_cursor_a_new_subscription_arrives_although_it_has_no_mod_datetime_yet(world, sync, synced):
    world.chargeover("settings", {"new_package_unmodified": True})
    acme = customer(world)
    sync()
    synced(3 * minutes)
    package = subscribe(world, acme)

    synced(5)
    assert str(package) in world.rows("ChargeOver_Subscription__c")


def test_touched_a_payment_brings_its_invoice_and_its_customer_in_the_same_run(world, sync, synced):
    acme = customer(world)
    bill = invoice(world, acme, 80)
    sync()
    synced(3 * minutes)
    pay(world, acme, (bill, 80))

    synced(5)
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Status__c"] == "Paid"
    assert world.rows("Account")[str(acme)]["ChargeOver_Balance__c"] == 0


def test_touched_a_refund_brings_the_payment_that_it_returns(world, sync, synced):
    acme = customer(world)
    bill = invoice(world, acme, 80)
    payment = pay(world, acme, (bill, 80))
    sync()
    synced(3 * minutes)
    world.act("transaction", payment, "refund", amount=30)

    synced(5)
    assert sync.read["transaction"].rows["transaction"] == 2
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Refunds__c"] == 30


def test_touched_an_edited_main_contact_brings_its_customer(world, sync, synced):
    acme = customer(world, superuser_name="Ann Lee", superuser_phone="555 1")
    contact = world.call("GET", f"customer/{acme}")["superuser_id"]
    sync()
    synced(11 * minutes)
    edit(world, "user", contact, phone="555 2")

    synced(11 * minutes)
    assert world.rows("Account")[str(acme)]["Phone"] == "555 2"


silent_deeds = {
    "an invoice is voided": lambda world, bill, package: world.act("invoice", bill, "void"),
    "a subscription is suspended": lambda world, bill, package: world.act("package", package, "suspend"),
    "a pay cycle changes": lambda world, bill, package: world.act("package", package, "paycycle", paycycle="yrl"),
    "an invoice is deleted": lambda world, bill, package: world.call("DELETE", f"invoice/{bill}"),
}


@pytest.mark.parametrize("deed", silent_deeds)
def test_watch_what_happens_without_a_sign_is_found_when_the_list_is_compared(world, sync, synced, files, deed):
    files.edit("invoices", "on_delete: ignore", "on_delete: {Status__c: Void}")
    acme = customer(world)
    bill, package = invoice(world, acme, 80), subscribe(world, acme)
    sync()
    synced(11 * minutes)
    before = world.rows("ChargeOver_Invoice__c"), world.rows("ChargeOver_Subscription__c")
    silent_deeds[deed](world, bill, package)

    synced(5 * minutes)
    assert (world.rows("ChargeOver_Invoice__c"), world.rows("ChargeOver_Subscription__c")) == before
    synced(6 * minutes)
    assert (world.rows("ChargeOver_Invoice__c"), world.rows("ChargeOver_Subscription__c")) != before


def test_watch_an_invoice_turns_overdue_and_its_customer_with_it(world, sync, synced):
    acme = customer(world)
    bill = invoice(world, acme, 80)
    sync()

    synced(60 * days)
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Status__c"] == "Overdue"
    assert world.rows("Account")[str(acme)]["ChargeOver_Status__c"] == "Active - Overdue"


def test_watch_a_recent_payment_is_voided(world, sync, synced):
    acme = customer(world)
    bill = invoice(world, acme, 80)
    payment = pay(world, acme, (bill, 80))
    sync()
    synced(11 * minutes)
    world.act("transaction", payment, "void")

    synced(11 * minutes)
    assert world.rows("ChargeOver_Transaction__c")[str(payment)]["Voided_At__c"]
    assert world.rows("ChargeOver_Applied_Payment__c") == {}
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Balance__c"] == 80


def test_watch_a_recent_payment_is_applied_elsewhere(world, sync, synced):
    acme = customer(world)
    one, other = invoice(world, acme, 80), invoice(world, acme, 80)
    payment = pay(world, acme, (one, 80))
    sync()
    synced(11 * minutes)
    moved = [{"invoice_id": one, "applied": 0}, {"invoice_id": other, "applied": 80}]
    world.act("transaction", payment, "changeAppliedAmounts", applied_to=moved)

    synced(11 * minutes)
    assert set(world.rows("ChargeOver_Applied_Payment__c")) == {f"{payment}-{other}"}
    rows = world.rows("ChargeOver_Invoice__c")
    assert (rows[str(one)]["Balance__c"], rows[str(other)]["Balance__c"]) == (80, 0)


def test_watch_a_deleted_card_or_contact_is_found_missing(world, sync, synced, files):
    files.edit("contacts", "on_delete: ignore", "on_delete: {Title: No longer in ChargeOver}")
    acme = customer(world)
    gone_card, contact = card(world, acme), world.create("user", customer_id=acme, last_name="Li")
    sync()
    synced(11 * minutes)
    world.call("DELETE", f"creditcard/{gone_card}")
    world.call("DELETE", f"user/{contact}")

    synced(11 * minutes)
    assert world.rows("ChargeOver_Credit_Card__c") == {}
    assert world.rows("Contact")[str(contact)]["Title"] == "No longer in ChargeOver"


@pytest.fixture
def an_hour_of_calls_is_forgotten(world):
    """What was spent of the budget counts no more, as after an hour."""

    def forget():
        with closing(sqlite3.connect(world.home / "ledger.db")) as ledger:
            ledger.execute("DELETE FROM ledger_calls")
            ledger.commit()

    return forget


def test_watch_a_list_that_is_longer_than_its_budget_is_walked_in_stretches(
    world, sync, synced, files, monkeypatch, an_hour_of_calls_is_forgotten
):
    files.keep("customers", "contacts")
    world.chargeover("settings", {"page_limit": 10})
    acme = customer(world)
    contacts = [world.create("user", customer_id=acme, last_name=f"Li {number}") for number in range(120)]
    sync()
    monkeypatch.setenv("CHARGEOVER_WATCH_CALLS_PER_MINUTE", "1")
    for contact in (contacts[0], contacts[-1]):
        edit(world, "user", contact, last_name="Wu")
    an_hour_of_calls_is_forgotten()

    def renamed():
        return {int(key) for key, row in world.rows("Contact").items() if row["LastName"] == "Wu"}

    synced(11 * minutes)
    assert renamed() == {contacts[0]}
    an_hour_of_calls_is_forgotten()
    synced(1 * minutes)
    assert renamed() == {contacts[0], contacts[-1]}
    an_hour_of_calls_is_forgotten()
    assert synced(1 * minutes) == {}  # the next walk begins in its time


def test_sweep_goes_on_where_it_stopped_and_a_run_that_fails_does_not_count(
    world, sync, synced, files, monkeypatch, an_hour_of_calls_is_forgotten
):
    files.keep("customers")
    world.chargeover("settings", {"page_limit": 10})
    for number in range(120):
        customer(world, f"Customer {number}")
    sync()
    synced(3 * minutes)
    monkeypatch.setenv("CHARGEOVER_SWEEP_CALLS_PER_MINUTE", "1")
    an_hour_of_calls_is_forgotten()

    world.chargeover("clock", {"advance_seconds": 25 * hours})
    sync.extract(paced=True)
    assert sync.read["customer"].signals == {"sweep": 100}
    an_hour_of_calls_is_forgotten()
    assert synced(5)["Account"] == {
        "read": 100,
        "unchanged": 100,
    }  # nothing was loaded: once more
    an_hour_of_calls_is_forgotten()
    assert synced(5)["Account"] == {"read": 20, "unchanged": 20}
    an_hour_of_calls_is_forgotten()
    assert synced(5) == {}


def test_sweep_a_deleted_customer_is_found_missing_within_a_day(world, sync, synced, files):
    files.edit("customers", "on_delete: ignore", "on_delete: {ChargeOver_Status__c: Inactive - Manual}")
    acme, other = customer(world), customer(world, "Other")
    sync()
    world.call("DELETE", f"customer/{acme}")

    synced(23 * hours)
    assert world.rows("Account")[str(acme)]["ChargeOver_Status__c"] == "Active - Current"
    synced(1 * hours)
    rows = world.rows("Account")
    assert rows[str(acme)]["ChargeOver_Status__c"] == "Inactive - Manual"
    assert rows[str(other)]["ChargeOver_Status__c"] == "Active - Current"


def test_sweep_a_payment_of_long_ago_is_voided(world, sync, synced):
    acme = customer(world)
    payment = pay(world, acme, (invoice(world, acme, 80), 80))
    sync()
    synced(70 * days)
    world.act("transaction", payment, "void")

    synced(25 * hours)
    assert world.rows("ChargeOver_Transaction__c")[str(payment)]["Voided_At__c"]


def test_webhook_a_hint_brings_at_once_what_only_a_sweep_would_find(world, sync, synced):
    acme = customer(world)
    payment = pay(world, acme, (invoice(world, acme, 80), 80))
    sync()
    synced(70 * days)
    world.act("transaction", payment, "void")
    sync.ledger.note("transaction", [payment], "webhook", datetime.now(UTC))

    synced(5)
    assert world.rows("ChargeOver_Transaction__c")[str(payment)]["Voided_At__c"]


def test_at_rest_a_run_reads_nothing_again(world, sync, synced):
    acme = customer(world)
    pay(world, acme, (invoice(world, acme, 80), 80))
    sync()
    synced(11 * minutes)

    assert synced(11 * minutes) == {}
    assert synced(11 * minutes) == {}


def test_hints_that_were_followed_are_gone(world, sync, synced):
    acme = customer(world)
    pay(world, acme, (invoice(world, acme, 80), 80))
    sync()
    synced(11 * minutes)

    assert all(sync.ledger.hints(name) == {} for name in ("customer", "invoice", "transaction", "package", "user"))


def test_an_account_that_refuses_long_pages_is_read_in_shorter_ones(world, sync):
    world.chargeover("settings", {"page_limit": 50, "over_limit": "refuse"})
    for number in range(60):
        customer(world, f"Customer {number}")

    assert sync()["Account"] == {"read": 60, "created": 60}


def test_a_filter_that_an_account_refuses_falls_back_to_comparing_the_list(world, sync, synced):
    world.chargeover("settings", {"refused_filters": ["customer.mod_datetime", "invoice.invoice_status_state"]})
    acme = customer(world)
    bill = invoice(world, acme, 80)
    sync()
    edit(world, "customer", acme, company="Acme & Sons")
    world.act("invoice", bill, "void")

    synced(11 * minutes)
    assert world.rows("Account")[str(acme)]["Name"] == "Acme & Sons"
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Status__c"] == "Void"


def test_a_filter_that_is_refused_from_one_day_to_the_next_falls_back_too(world, sync, synced):
    acme = customer(world)
    bill = invoice(world, acme, 80)
    sync()
    world.chargeover("settings", {"refused_filters": ["customer.mod_datetime", "invoice.invoice_status_state"]})
    edit(world, "customer", acme, company="Acme & Sons")
    world.act("invoice", bill, "void")

    synced(11 * minutes)
    assert world.rows("Account")[str(acme)]["Name"] == "Acme & Sons"
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Status__c"] == "Void"


def test_times_in_a_format_of_the_account_s_own_are_read_once_it_is_set(world, sync, monkeypatch):
    world.chargeover("settings", {"datetimes": "%d/%m/%Y %H:%M:%S"})
    customer(world)
    with pytest.raises(FixAccess, match="CHARGEOVER_DATETIME_FORMAT"):
        sync()

    monkeypatch.setenv("CHARGEOVER_DATETIME_FORMAT", "%d/%m/%Y %H:%M:%S")
    assert sync()["Account"] == {"read": 1, "created": 1}
