"""Deletes leave no trace: a sweep finds them, and a brake stops one that finds too many."""

import sqlite3
from contextlib import closing

import pytest
import requests
from deeds import card, customer, invoice, subscribe

day = 86_400


@pytest.fixture
def company(world, sync, files):
    """Thirty customers in Salesforce, marked there when they are deleted; half an hour has passed."""
    files.keep("customers")
    files.edit("customers", "on_delete: ignore", "on_delete: {ChargeOver_Status__c: Inactive - Manual}")
    made = [customer(world, f"Customer {number}") for number in range(30)]
    sync()
    pass_time(world, 1800)
    return made


def pass_time(world, seconds):
    world.chargeover("clock", {"advance_seconds": seconds})


def marked(world):
    return {
        int(key) for key, row in world.rows("Account").items() if row["ChargeOver_Status__c"] == "Inactive - Manual"
    }


def answer_that_there_is_nothing(world, path=""):
    world.chargeover("faults", [{"kind": "empty", "method": "GET", "path": path, "count": 10_000}])


def end_the_outage(world):
    requests.delete(f"{world.chargeover_url}/_admin/faults", timeout=5).raise_for_status()


def forget_the_calls_of_the_last_hour(world):
    with closing(sqlite3.connect(world.home / "ledger.db")) as ledger:
        ledger.execute("DELETE FROM ledger_calls")
        ledger.commit()


def delete(world, ids):
    for each in ids:
        world.call("DELETE", f"customer/{each}")


def test_a_few_deleted_customers_are_treated_as_the_mapping_says(world, sync, company):
    delete(world, company[:3])
    pass_time(world, day)

    assert sync(paced=True)["Account"]["deleted"] == 3
    assert marked(world) == set(company[:3])


def test_a_list_that_is_empty_by_mistake_deletes_nobody(world, sync, company):
    answer_that_there_is_nothing(world, "customer?")
    pass_time(world, day)
    sync(paced=True)

    assert marked(world) == set()


@pytest.mark.parametrize("extent", [{"paced": True}, {"whole": True}])
def test_an_outage_that_answers_deletes_nobody_and_says_so(world, sync, company, extent):
    pass_time(world, day)
    answer_that_there_is_nothing(world)
    sync(**extent)

    assert marked(world) == set()
    assert "ChargeOver no longer has 30 of the 30 records" in sync.read["customer"].braked
    assert "--accept-deletes" in sync.ledger.brakes()["customer"]


def test_after_the_outage_everything_goes_on_and_the_brake_is_off(world, sync, company):
    pass_time(world, day)
    answer_that_there_is_nothing(world)
    sync(paced=True)
    end_the_outage(world)
    delete(world, company[:1])
    pass_time(world, 2 * day)
    forget_the_calls_of_the_last_hour(world)
    sync(paced=True)

    assert marked(world) == set(company[:1])
    assert sync.ledger.brakes() == {}


def test_a_person_can_agree_to_many_deletes(world, sync, company):
    delete(world, company[:20])
    pass_time(world, day)
    sync(paced=True)
    assert marked(world) == set()

    assert sync(accept_deletes=True)["Account"]["deleted"] == 20
    assert marked(world) == set(company[:20])
    assert sync.ledger.brakes() == {}


def test_the_brake_counts_what_earlier_stretches_of_the_same_sweep_have_found(world, sync, files, monkeypatch):
    files.keep("customers")
    files.edit("customers", "on_delete: ignore", "on_delete: {ChargeOver_Status__c: Inactive - Manual}")
    files.edit("customers", "lookups:", "only: {bill_city: Berlin}\n\nlookups:")
    company = [customer(world, f"Customer {number}", bill_city="Berlin") for number in range(30)]
    for number in range(20):  # ChargeOver's own count of customers shows no loss of those from Berlin
        customer(world, f"Other {number}", bill_city="Bern")
    sync()
    world.chargeover("settings", {"page_limit": 10})
    monkeypatch.setenv("CHARGEOVER_SWEEP_CALLS_PER_MINUTE", "1")
    delete(world, company[::2])
    pass_time(world, day)
    found = 0
    for _ in range(8):  # a stretch of ten calls each hour
        found += sync(paced=True).get("Account", {}).get("deleted", 0)
        forget_the_calls_of_the_last_hour(world)

    assert 0 < found <= 10
    assert sync.ledger.brakes()


def test_hints_at_many_records_that_are_gone_are_braked_too(world, sync, company):
    delete(world, company[:20])
    sync.ledger.note("customer", company[:20], "webhook", sync.now())
    sync(paced=True)

    assert marked(world) == set()
    assert "20 of the 30" in sync.read["customer"].braked


def test_an_outage_does_not_delete_a_few_rows_in_each_run(world, sync, company):
    answer_that_there_is_nothing(world)
    sync.ledger.note("customer", company[:2], "webhook", sync.now())
    sync(paced=True)

    assert marked(world) == set()
    assert sync.ledger.brakes()


def test_the_last_record_of_its_kind_can_be_deleted(world, sync, files):
    files.keep("customers", "credit_cards")
    the_only = card(world, customer(world))
    sync()
    world.call("DELETE", f"creditcard/{the_only}")
    sync()

    assert world.rows("ChargeOver_Credit_Card__c") == {}


def test_children_that_vanish_with_their_parent_follow_their_own_rule(world, sync, files):
    files.edit("invoices", "on_delete: ignore", "on_delete: {Status__c: Void}")
    acme = customer(world)
    bill, package = invoice(world, acme, 80, 20), subscribe(world, acme)
    sync()
    pass_time(world, 1800)
    sync(paced=True)
    world.call("DELETE", f"invoice/{bill}")
    pass_time(world, 900)
    sync(paced=True)

    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Status__c"] == "Void"
    assert world.rows("ChargeOver_Invoice_Line__c") == {}
    assert str(package) in world.rows("ChargeOver_Subscription__c")
