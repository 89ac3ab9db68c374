"""Owed rows are tried again when it can help, and their records are not read when it cannot."""

from dataclasses import replace
from datetime import timedelta

import pytest
from deeds import accept, customer, edit, invoice, owed, pay, refuse, subscribe

from pipelines.ledger.choice import Choice
from pipelines.settings import ChargeOverSettings, read_settings
from pipelines.sync.source import source_of
from pipelines.sync.turn import objects_with_news

bills = ("customers", "invoices", "invoice_lines", "subscriptions", "subscription_lines", "products", "credit_cards",
         "bank_accounts")  # fmt: skip


def wait(world, sync, **time):
    """Let time pass on both sides: what was read until now lies before the next window."""
    world.chargeover("clock", {"advance_seconds": int(timedelta(**time).total_seconds())})
    sync.later += timedelta(**time)


def rest(world, sync, **time):
    """The same, and what has become due by it is tried."""
    wait(world, sync, **time)
    sync()


@pytest.fixture
def children(world, sync, files):
    """A customer that the mapping rejects, with two invoices that were tried for the fourth time just now: they are
    due after eight minutes more."""
    files.keep(*bills)
    files.edit("customers", "ChargeOver_Tax_Id__c:               tax_ident",
               "ChargeOver_Tax_Id__c:               {from: tax_ident, max: 3}")  # fmt: skip
    buyer = customer(world, tax_ident="12345")
    bills_of_it = {invoice(world, buyer), invoice(world, buyer)}
    sync()
    rest(world, sync, hours=3)
    rest(world, sync, minutes=5)
    sync()  # the list shows what was read by id once more
    return buyer, bills_of_it


def read_of(sync, name):
    return sync.read[name].rows.get(name, 0)


def test_children_of_a_parent_that_stays_away_are_not_read_in_every_run(world, sync, children):
    wait(world, sync, minutes=3)

    assert "ChargeOver_Invoice__c" not in sync()
    assert (read_of(sync, "invoice"), sync.calls.get("owed", 0)) == (0, 0)
    assert len(sync.ledger.owed("ChargeOver_Invoice__c")) == 2


def test_children_land_in_the_same_run_as_their_parent_and_leave_no_hint(world, sync, children):
    buyer, bills_of_it = children
    wait(world, sync, minutes=3)
    edit(world, "customer", buyer, tax_ident="123")

    told = sync()

    assert told["Account"] == {"read": 1, "created": 1}
    assert told["ChargeOver_Invoice__c"] == {"read": 2, "created": 2}
    assert told["ChargeOver_Invoice_Line__c"] == {"read": 2, "created": 2}
    assert (sync.ledger.owed(), sync.ledger.hints("invoice")) == ([], {})
    assert set(world.rows("ChargeOver_Invoice__c")) == {str(each) for each in bills_of_it}


def test_children_are_not_read_because_something_else_touches_their_parent(world, sync, children):
    buyer, _ = children
    wait(world, sync, minutes=3)
    subscribe(world, buyer)

    told = sync()

    assert told["Account"] == {"read": 1, "rejected": 1}
    assert read_of(sync, "invoice") == 0


def test_children_behind_children_land_in_the_same_run(world, sync, files):
    files.keep(*bills, "transactions", "applied_payments")
    refuse(world, "Account", "Name", "Bad")
    buyer = customer(world, "Bad")
    bill = invoice(world, buyer)
    payment = pay(world, buyer, (bill, 30))
    sync()
    rest(world, sync, hours=3)
    wait(world, sync, minutes=3)
    edit(world, "customer", buyer, company="Good")

    told = sync()

    assert told["ChargeOver_Invoice__c"] == {"read": 1, "created": 1}
    assert told["ChargeOver_Applied_Payment__c"] == {"read": 1, "created": 1}
    assert set(world.rows("ChargeOver_Applied_Payment__c")) == {f"{payment}-{bill}"}
    assert sync.ledger.owed() == []


def test_a_child_whose_parent_landed_in_a_run_without_it_is_hinted_at_for_the_next(world, sync, children):
    buyer, bills_of_it = children
    wait(world, sync, minutes=3)
    edit(world, "customer", buyer, tax_ident="123")

    assert set(sync(objects=("customer",))) == {"Account"}
    assert set(sync.ledger.hints("invoice")) == bills_of_it
    assert news(sync) >= {"invoice"}

    assert sync()["ChargeOver_Invoice__c"] == {"read": 2, "created": 2}
    assert (sync.ledger.owed(), sync.ledger.hints("invoice")) == ([], {})


def test_a_child_whose_parent_was_never_read_before_lands_with_the_run_after_it(world, sync, files):
    files.keep(*bills)
    bill = invoice(world, customer(world))
    sync(objects=("invoice",))
    assert owed(sync, "ChargeOver_Invoice__c")[str(bill)][0] == "held"

    sync(objects=("customer", "item"))

    assert "invoice" in news(sync)
    assert sync(objects=("invoice",))["ChargeOver_Invoice__c"] == {"read": 1, "created": 1}
    assert "invoice" not in news(sync)


def test_a_held_row_is_tried_now_and_then_lest_its_parents_landing_was_missed(world, sync, children):
    buyer, _ = children
    wait(world, sync, minutes=3)
    edit(world, "customer", buyer, tax_ident="123")
    sync(objects=("customer",))
    sync.ledger.settle({"invoice": sync.ledger.last_hint()})

    rest(world, sync, days=1)

    assert sync.ledger.owed() == []


def test_a_refused_row_is_sent_again_at_once_when_its_mapping_was_edited(world, sync, files):
    files.keep("customers")
    refuse(world, "Account", "Name", "Bad")
    customer(world, "Bad")
    sync()
    accept(world)
    assert sync()["Account"] == {"read": 1, "refused": 1}
    assert world.rows("Account") == {}

    files.edit("customers", "ChargeOver_Tax_Id__c:               tax_ident", "")

    assert sync()["Account"] == {"read": 1, "created": 1}


def test_a_row_that_was_tried_under_the_edited_mapping_is_not_read_again_for_the_edit(world, sync, files):
    """Although the edit changes nothing of its payload, it is sent: the answer is one to the mapping as it is now."""
    files.keep("customers")
    refuse(world, "Account", "Name", "Bad")
    customer(world, "Bad")
    sync()
    files.edit("customers", "on_delete: ignore", "on_delete: delete")
    now = {each.to: each.fingerprint for each in sync.shelf().mappings}
    assert sync.ledger.edited(now)

    assert sync()["Account"] == {"read": 1, "refused": 1}
    assert sync.ledger.edited(now) == set()


def test_a_held_row_is_tried_again_when_its_mapping_was_edited(world, sync, files, children):
    files.edit("invoices", "{from: customer_id, to: Account}", "{from: customer_id, to: Account, missing: null}")
    wait(world, sync, minutes=3)

    assert sync()["ChargeOver_Invoice__c"] == {"read": 2, "created": 2}


def test_edited_mappings_with_very_many_owed_rows_are_read_whole(world, sync, files, monkeypatch):
    files.keep("customers")
    files.edit("customers", "ChargeOver_Tax_Id__c:               tax_ident",
               "ChargeOver_Tax_Id__c:               {from: tax_ident, max: 3}")  # fmt: skip
    for n in range(6):
        customer(world, f"Customer {n}", tax_ident="12345")
    sync()
    wait(world, sync, hours=3)
    monkeypatch.setattr("pipelines.sync.extraction._hints_at_most", 5)
    files.edit("customers", "max: 3}", "max: 5}")

    assert sync()["Account"] == {"read": 6, "created": 6}
    assert set(sync.calls) >= {"everything"}
    assert "owed" not in sync.calls


def test_the_sensor_is_told_when_a_refused_row_is_due_and_not_for_long(world, sync, files):
    files.keep("customers")
    refuse(world, "Account", "Name", "Bad")
    customer(world, "Bad")
    sync()
    rest(world, sync, minutes=3)
    assert news(sync) == set()

    wait(world, sync, minutes=3)
    assert news(sync) == {"customer"}

    sync()
    assert news(sync) == set()


def test_what_could_not_be_tried_does_not_ask_for_run_after_run(world, sync, files, monkeypatch):
    """More rows are due than a run takes."""
    files.keep("customers")
    refuse(world, "Account", "Name", "Bad")
    for _ in range(3):
        customer(world, "Bad")
    sync()
    rest(world, sync, minutes=3)
    wait(world, sync, minutes=3)
    monkeypatch.setattr("pipelines.sync.extraction._owed_at_once", 2)

    assert sync()["Account"] == {"read": 2, "refused": 2}
    assert news(sync) == set()
    assert sync()["Account"] == {"read": 1, "refused": 1}


def test_a_refused_row_that_a_person_wants_to_be_tried_is_sent_before_its_turn(world, sync, files):
    files.keep("customers")
    refuse(world, "Account", "Name", "Bad")
    for name in ("Bad", "Bad"):
        customer(world, name)
    sync()
    rest(world, sync, hours=3)
    accept(world)
    wait(world, sync, minutes=1)
    first, second = (each.record_id for each in sync.ledger.owed())

    sync.ledger.retry(Choice.of(f"customer:{first}"), sync.now())

    assert sync(paced=True)["Account"] == {"read": 1, "created": 1}
    assert set(owed(sync, "Account")) == {str(second)}


def news(sync):
    """The objects that the sensor would ask a run for, but for those whose list is to be looked at."""
    source = source_of(read_settings(ChargeOverSettings), sync.ledger)
    pace = replace(source.pace, watch_every=timedelta(days=99), sweep_every=timedelta(days=99))
    return set(objects_with_news(replace(source, pace=pace), sync.ledger, sync.shelf(), polls=False, again=False))
