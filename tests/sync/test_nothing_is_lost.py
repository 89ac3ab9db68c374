"""Ways in which a change could slip through, each closed by a rule of its own."""

import administrator
import pytest
from deeds import card, customer, edit, invoice, subscribe

from pipelines.errors import Co2sfError, EditFile, FixAccess
from pipelines.sync.tally import Tally

hour = {"advance_seconds": 3600}


def test_a_watermark_does_not_move_over_records_that_were_never_staged(world, sync, files):
    files.keep("customers", "products", "credit_cards", "bank_accounts", "subscriptions", "invoices")
    invoice(world, customer(world))
    sync()
    sync()
    files.add("subscription_lines")
    files.add("invoice_lines")

    with pytest.raises(EditFile, match="do not reach back"):
        sync.load(sync.map())

    assert "ChargeOver_Invoice_Line__c" not in sync.ledger.watermarks()
    sync()
    assert len(world.rows("ChargeOver_Invoice_Line__c")) == 1


def test_what_was_sent_without_a_recorded_answer_is_never_taken_for_unchanged(world, sync, files, monkeypatch):
    files.keep("customers")
    one = customer(world)
    edit(world, "customer", one, company="A Ltd")
    sync()
    edit(world, "customer", one, company="B Ltd")
    with monkeypatch.context() as dying:
        dying.setattr(type(sync.ledger), "record", _dies)
        with pytest.raises(KeyboardInterrupt):
            sync()
    assert world.rows("Account")[str(one)]["Name"] == "B Ltd"
    edit(world, "customer", one, company="A Ltd")

    sync()

    assert world.rows("Account")[str(one)]["Name"] == "A Ltd"


def test_a_silent_change_that_only_a_new_mapping_has_read_still_reaches_the_others(world, sync, files):
    files.keep("customers", "products", "credit_cards", "bank_accounts", "subscriptions")
    one = customer(world)
    package = world.create("package", customer_id=one, paycycle="mon", line_items=[{"item_id": 1}])
    sync()
    world.chargeover("clock", hour)
    sync()
    world.act("package", package, "hold", holduntil_datetime="2030-01-01 00:00:00")
    files.add("subscription_lines")
    sync.extract(objects=("package",))  # and here the run dies

    files.keep("customers", "products", "credit_cards", "bank_accounts", "subscriptions")
    world.chargeover("clock", hour)
    sync()

    assert world.rows("ChargeOver_Subscription__c")[str(package)]["Held_Until__c"] is not None


def test_a_parent_that_someone_deleted_in_salesforce_comes_back_for_its_child(world, sync, files):
    files.keep("customers", "credit_cards", "bank_accounts", "subscriptions")
    one = customer(world)
    visa = card(world, one)
    package = subscribe(world, one)
    sync()
    world.chargeover("clock", hour)
    sync()
    administrator.delete(world, "ChargeOver_Credit_Card__c", world.rows("ChargeOver_Credit_Card__c")[str(visa)]["Id"])
    world.act("package", package, "paymethod", paymethod="crd", creditcard_id=visa)

    held = sync()
    sync()

    assert held["ChargeOver_Subscription__c"] == {"read": 1, "held": 1}
    again = world.rows("ChargeOver_Credit_Card__c")[str(visa)]["Id"]
    assert world.rows("ChargeOver_Subscription__c")[str(package)]["Credit_Card__c"] == again


def test_a_mark_of_on_delete_is_taken_back_when_the_row_comes_back(world, sync, files):
    files.keep("customers")
    files.edit(
        "customers", "on_delete: ignore", "on_delete: {ChargeOver_Tax_Id__c: gone}\nonly: {company: {not: Hidden Ltd}}"
    )
    files.edit("customers", "  ChargeOver_Tax_Id__c:", "  # ChargeOver_Tax_Id__c:")
    one = customer(world)
    edit(world, "customer", one, company="Seen Ltd")
    sync()
    for name, mark in {"Hidden Ltd": "gone", "Seen again Ltd": None}.items():
        edit(world, "customer", one, company=name)
        sync()
        assert world.rows("Account")[str(one)]["ChargeOver_Tax_Id__c"] == mark


def test_a_record_that_lacks_a_field_of_only_is_neither_deleted_nor_forgotten(world, sync, files, between):
    files.keep("customers")
    files.edit("customers", "on_delete: ignore", "on_delete: delete\nonly: {no_taxes: false}")
    one = customer(world)
    sync()
    edit(world, "customer", one, company="Kept Ltd")
    between.edit = lambda path, body: body.replace(b'"no_taxes"', b'"was_no_taxes"')

    assert sync()["Account"] == {"read": 1, "rejected": 1}
    assert str(one) in world.rows("Account")


def test_a_mapping_that_was_away_is_read_whole_when_it_comes_back(world, sync, files):
    files.keep("customers", "contacts")
    customer(world)
    sync()
    world.chargeover("clock", hour)
    sync()

    sync.ledger.forget_watermarks(but=["Contact"])

    assert set(sync.ledger.watermarks()) == {"Contact"}
    assert sync()["Account"] == {"read": 1, "unchanged": 1}


def test_a_ledger_is_not_taken_for_that_of_another_org(world, sync, files):
    files.keep("customers")
    customer(world)
    sync.ledger.claim("Salesforce org", "00D000000000001")

    with pytest.raises(FixAccess, match="those of Salesforce org 00D000000000001, and this is Salesforce org 00D"):
        sync()

    assert world.rows("Account") == {}


def test_a_sum_that_is_wrong_fails_the_run_and_keeps_the_watermark(world, sync, files, monkeypatch):
    files.keep("customers")
    customer(world)
    monkeypatch.setattr(Tally, "count", lambda self, outcomes: None)

    with pytest.raises(Co2sfError, match="Account: the counts do not add up: read 1 != 0 created"):
        sync()

    assert sync.ledger.watermarks() == {}


def _dies(*_, **__):
    raise KeyboardInterrupt
