"""Changes that slip through easily: between two signals, beside a mapping that is stopped, under a wrong clock."""

import json
import sqlite3
from contextlib import closing

import pytest
from deeds import card, customer, edit, invoice, pay

from pipelines.settings import ChargeOverSettings, read_settings
from pipelines.sync.source import source_of
from pipelines.sync.turn import objects_with_news

hour, day = 3600, 86_400
second_mapping = """
from: customer
to: ChargeOver_Quote__c
external_id: ChargeOver_Id__c
fields:
  ChargeOver_Id__c: customer_id
  {field}: company
"""


@pytest.fixture
def later(world, sync):
    """A paced run after some seconds, with a budget that nobody has spent of."""

    def later(seconds):
        world.chargeover("clock", {"advance_seconds": seconds})
        with closing(sqlite3.connect(world.home / "ledger.db")) as ledger:
            ledger.execute("DELETE FROM ledger_calls")
            ledger.commit()
        return sync(paced=True)

    return later


def test_a_hinted_record_touches_its_customer_although_the_sweep_of_the_same_run_reads_it_too(world, sync, later):
    acme = customer(world)
    payment = world.create("transaction", customer_id=acme, amount=50, transaction_type="pay", gateway_status=1)
    sync()
    later(12 * hour)
    sync(whole=True, objects=("customer",))  # so that the customer's own sweep is not due
    world.act("transaction", payment, "void")

    later(12 * hour + 60)
    assert world.rows("Account")[str(acme)]["ChargeOver_Balance__c"] == 0


def test_an_open_invoice_that_is_deleted_touches_its_customer(world, sync, later):
    acme = customer(world)
    bill = invoice(world, acme, 80)
    sync()
    later(hour)
    world.call("DELETE", f"invoice/{bill}")

    later(hour)
    assert world.rows("Account")[str(acme)]["ChargeOver_Balance__c"] == 0


def test_deletes_that_are_ignored_are_asked_for_once_and_never_pull_the_brake(world, sync, files, later):
    files.keep("customers")
    company = [customer(world, f"Customer {number}") for number in range(40)]
    sync()
    for gone in range(0, 24, 8):
        for each in company[gone : gone + 8]:
            world.call("DELETE", f"customer/{each}")
        assert later(25 * hour)["Account"]["unchanged"] == 40 - gone
        assert sync.ledger.brakes() == {}
    assert later(25 * hour)["Account"] == {"read": 16, "unchanged": 16}


def test_an_empty_list_is_not_followed_by_a_call_for_each_record(world, sync, files, later):
    files.keep("customers")
    for number in range(100):
        customer(world, f"Customer {number}")
    sync()
    later(hour)
    world.chargeover("faults", [{"kind": "empty", "method": "GET", "path": "customer?", "count": 1000}])
    world.chargeover("faults", [{"kind": "empty", "method": "GET", "path": "_count", "count": 1000}])

    later(day)
    assert sum(sync.read["customer"].calls.values()) < 20
    assert sync.ledger.brakes()


def test_answers_without_any_lines_delete_no_lines(world, sync, later, between):
    acme = customer(world)
    for _ in range(20):
        invoice(world, acme, 80, 20)
    sync()
    later(hour)

    def without_lines(path, body):
        if not path.startswith("/api/v3/invoice?"):
            return body
        answer = json.loads(body)
        return json.dumps(answer | {"response": [row | {"line_items": []} for row in answer["response"]]}).encode()

    between.edit = without_lines
    later(day)
    assert len(world.rows("ChargeOver_Invoice_Line__c")) == 40
    assert "40 of the line_items" in sync.ledger.brakes()["invoice"]
    between.edit = lambda path, body: body
    later(day)
    later(day)
    assert sync.ledger.brakes() == {}


def test_a_brake_from_an_early_stretch_of_a_sweep_stays_to_its_end_and_a_person_can_agree(
    world, sync, files, later, monkeypatch
):
    files.keep("customers")
    files.edit("customers", "on_delete: ignore", "on_delete: {ChargeOver_Status__c: Inactive - Manual}")
    company = [customer(world, f"Customer {number}") for number in range(150)]
    sync()
    world.chargeover("settings", {"page_limit": 10})
    monkeypatch.setenv("CHARGEOVER_SWEEP_CALLS_PER_MINUTE", "1")
    for each in company[:20]:
        world.call("DELETE", f"customer/{each}")
    later(day)
    for _ in range(4):
        later(60)
    assert sync.ledger.walk("customer", "sweep").ended_at
    assert sync.ledger.brakes()

    assert sync(accept_deletes=True)["Account"]["deleted"] == 20
    assert sync.ledger.brakes() == {}


def test_a_mapping_that_does_not_fit_the_org_makes_no_run_read_everything(world, sync, files, later):
    for name in ("quotes", "quote_lines"):
        (files.folder / f"{name}.yaml").unlink()
    acme = customer(world)
    for number in range(29):
        customer(world, f"Customer {number}")
    sync()
    files.write("second", second_mapping.format(field="Nope__c"))
    later(300)
    for number in range(3):
        edit(world, "customer", acme, company=f"Renamed {number}")
        assert later(200)["Account"] == {"read": 1, "updated": 1}

    files.write("second", second_mapping.format(field="Name"))
    later(2 * hour)
    assert len(world.rows("ChargeOver_Quote__c")) == 30


def test_a_mapping_that_takes_its_rows_from_another_object_is_read_whole(world, sync, files, later):
    customer(world)
    sync()
    (files.folder / "quote_lines.yaml").unlink()
    (files.folder / "quotes.yaml").unlink()
    files.write("quotes", second_mapping.format(field="Name"))

    sync()
    assert len(world.rows("ChargeOver_Quote__c")) == 1


def test_a_manual_run_walks_over_a_whole_list_although_a_paced_walk_is_under_way(world, sync, later, monkeypatch):
    world.chargeover("settings", {"page_limit": 10})
    acme = customer(world)
    contacts = [world.create("user", customer_id=acme, last_name=f"Li {number}") for number in range(120)]
    sync()
    monkeypatch.setenv("CHARGEOVER_WATCH_CALLS_PER_MINUTE", "1")
    later(hour)
    assert sync.ledger.walk("user", "watch").ended_at is None
    edit(world, "user", contacts[0], last_name="Wu")

    sync()
    assert world.rows("Contact")[str(contacts[0])]["LastName"] == "Wu"


def test_a_clock_that_was_ahead_and_is_set_right_hides_no_change(world, sync, later):
    acme = customer(world)
    sync()
    later(600)
    world.chargeover("clock", {"advance_seconds": -600})
    edit(world, "customer", acme, company="While the clock was set right")

    later(5)
    assert sync.read["customer"].signals["cursor"] == 1
    assert sync.ledger.watermarks()["Account"].end_at == sync.read["customer"].end_at


def test_a_long_sweep_does_not_keep_the_others_from_theirs(world, sync, files, later, monkeypatch):
    files.edit("customers", "on_delete: ignore", "on_delete: {ChargeOver_Status__c: Inactive - Manual}")
    world.chargeover("settings", {"page_limit": 10})
    acme, gone = customer(world), customer(world, "Gone")
    for _ in range(300):
        world.create("transaction", customer_id=acme, amount=5, transaction_type="pay", gateway_status=1)
    sync()
    monkeypatch.setenv("CHARGEOVER_SWEEP_CALLS_PER_MINUTE", "1")
    monkeypatch.setenv("CHARGEOVER_LOOK_EVERY_SECONDS", "1000000")
    world.call("DELETE", f"customer/{gone}")
    later(day)
    later(600)

    assert sync.ledger.walk("transaction", "sweep").ended_at is None
    assert world.rows("Account")[str(gone)]["ChargeOver_Status__c"] == "Inactive - Manual"


def test_a_payment_and_its_refund_leave_no_hint_for_run_after_run(world, sync, later):
    acme = customer(world)
    sync()
    later(200)
    payment = world.create("transaction", customer_id=acme, amount=50, transaction_type="pay", gateway_status=1)
    world.act("transaction", payment, "refund", amount=20)

    later(5)
    assert sync.ledger.hints("transaction") == {}


def test_a_filter_that_is_refused_before_there_was_a_record_starts_a_run_that_learns_it(world, sync):
    world.chargeover("settings", {"refused_filters": ["invoice.mod_datetime"]})
    acme = customer(world)
    sync()

    def news():
        source = source_of(read_settings(ChargeOverSettings), sync.ledger)
        return objects_with_news(source, sync.ledger, sync.shelf(), polls=True, again=False)

    assert "invoice" in news()
    bill = invoice(world, acme, 80)
    world.chargeover("clock", {"advance_seconds": 5})
    sync(paced=True)
    assert str(bill) in world.rows("ChargeOver_Invoice__c")
    assert "invoice" not in news()


def test_a_customer_and_all_it_has_are_deleted_in_one_run(world, sync, files):
    for name in ("customers", "invoices"):
        files.edit(name, "on_delete: ignore", "on_delete: delete")
    files.keep("customers", "credit_cards")
    acme = customer(world)
    card(world, acme)
    sync()
    world.call("DELETE", f"customer/{acme}")

    counts = sync(whole=True)
    assert world.rows("ChargeOver_Credit_Card__c") == {}
    assert set(counts) == {"Account", "ChargeOver_Credit_Card__c"}


def test_a_payment_that_is_voided_before_the_next_walk_leaves_the_invoice_as_it_is_in_chargeover(world, sync, later):
    acme = customer(world)
    bill = invoice(world, acme, 221)
    sync()
    payment = pay(world, acme, (bill, 3))
    later(5)
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Balance__c"] == 218
    world.act("transaction", payment, "void")

    later(601)
    later(5)
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Balance__c"] == 221


def test_a_new_invoice_that_is_voided_before_the_next_walk_is_void_in_salesforce_too(world, sync, later):
    acme = customer(world)
    sync()
    later(200)
    bill = invoice(world, acme, 80)
    later(5)
    world.act("invoice", bill, "void")

    later(601)
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Status__c"] == "Void"


def test_what_was_read_once_is_not_read_at_each_walk(world, sync, later):
    acme = customer(world)
    bill = invoice(world, acme, 221)
    sync()
    pay(world, acme, (bill, 3))
    later(5)
    later(601)

    assert later(601) == {}
