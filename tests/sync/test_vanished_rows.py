"""Rows that ChargeOver no longer has, or that a mapping no longer wants: `on_delete` says what becomes of them."""

from datetime import UTC, datetime, timedelta

import pytest
from deeds import accept, card, customer, edit, invoice, owed, pay, subscribe

paying = ("products", "customers", "invoices", "subscriptions", "subscription_lines", "credit_cards", "bank_accounts",
          "transactions", "applied_payments")  # fmt: skip
billing = "products", "customers", "invoices", "invoice_lines", "subscriptions", "subscription_lines"


def delete_card(world, sync, card_id):
    """ChargeOver deletes it without a trace; a webhook would leave this hint."""
    world.call("DELETE", f"creditcard/{card_id}")
    sync.ledger.note("creditcard", [card_id], "webhook", datetime.now(UTC))


def test_an_upgrade_replaces_the_line_of_a_subscription(world, sync):
    package = subscribe(world, customer(world), 1)
    sync()
    old = set(world.rows("ChargeOver_Subscription_Line__c"))
    world.act("package", package, "upgrade", line_items=[{"line_item_id": int(*old), "line_quantity": 5}])

    counts = sync()

    assert counts["ChargeOver_Subscription_Line__c"] == {"read": 2, "created": 1, "deleted": 1}
    (line,) = world.rows("ChargeOver_Subscription_Line__c").items()
    assert line[0] not in old
    assert line[1]["Quantity__c"] == 5


def test_lines_taken_off_an_invoice_go_and_those_of_other_invoices_stay(world, sync, files):
    files.keep(*billing)
    buyer = customer(world)
    changed, other = invoice(world, buyer, 10, 20, 30), invoice(world, buyer, 40)
    sync()
    edit(world, "invoice", changed, line_items=[{"item_id": 1, "line_rate": 7, "line_quantity": 1}])

    counts = sync()

    assert counts["ChargeOver_Invoice_Line__c"] == {"read": 5, "created": 1, "deleted": 3, "unchanged": 1}
    assert sorted(row["Rate__c"] for row in world.rows("ChargeOver_Invoice_Line__c").values()) == [7, 40]
    assert str(other) in world.rows("ChargeOver_Invoice__c")
    assert sync()["ChargeOver_Invoice_Line__c"].get("deleted") is None


def test_a_payment_that_is_applied_anew_moves_its_rows(world, sync, files):
    files.keep(*paying)
    buyer = customer(world)
    first, second = invoice(world, buyer), invoice(world, buyer)
    payment = pay(world, buyer, (first, 50))
    sync()
    world.act("transaction", payment, "changeAppliedAmounts",
              applied_to=[{"invoice_id": first, "applied": 0}, {"invoice_id": second, "applied": 50}])  # fmt: skip

    counts = sync()

    assert set(world.rows("ChargeOver_Applied_Payment__c")) == {f"{payment}-{second}"}
    assert counts["ChargeOver_Applied_Payment__c"] == {"read": 2, "created": 1, "deleted": 1}
    rows = world.rows("ChargeOver_Invoice__c")
    assert (rows[str(first)]["Balance__c"], rows[str(second)]["Balance__c"]) == (80, 30)


def test_a_deleted_card_that_is_hinted_at_goes(world, sync, files):
    files.keep("customers", "credit_cards")
    buyer = customer(world)
    gone, stays = card(world, buyer), card(world, buyer)
    sync()
    delete_card(world, sync, gone)

    assert sync()["ChargeOver_Credit_Card__c"] == {"read": 1, "deleted": 1}
    assert set(world.rows("ChargeOver_Credit_Card__c")) == {str(stays)}
    assert "ChargeOver_Credit_Card__c" not in sync()


@pytest.mark.parametrize(
    ("rule", "verdict", "name"),
    [("ignore", "unchanged", "Visa xxxx-xxxx-xxxx-1111"), ("{Name: Gone over there}", "deleted", "Gone over there")],
)  # fmt: skip
def test_a_deleted_card_may_be_left_or_marked_instead(world, sync, files, rule, verdict, name):
    files.keep("customers", "credit_cards")
    files.edit("credit_cards", "on_delete: delete", f"on_delete: {rule}")
    gone = card(world, customer(world))
    sync()
    delete_card(world, sync, gone)

    assert sync()["ChargeOver_Credit_Card__c"] == {"read": 1, verdict: 1}
    assert world.rows("ChargeOver_Credit_Card__c")[str(gone)]["Name"] == name


def test_a_delete_that_salesforce_refuses_is_owed_and_tried_again_until_it_is_done(world, sync, files):
    files.keep("customers", "credit_cards")
    files.edit("credit_cards", "on_delete: delete", "on_delete: {Name: Gone}")
    gone = card(world, customer(world))
    sync()
    world.salesforce("rules", [{"sobject": "ChargeOver_Credit_Card__c", "field": "Name", "value": "Gone"}])
    delete_card(world, sync, gone)

    assert sync()["ChargeOver_Credit_Card__c"] == {"read": 1, "refused": 1}
    verdict, message = owed(sync, "ChargeOver_Credit_Card__c")[str(gone)]
    assert (verdict, message) == ("refused", "on_delete: This value is not allowed")

    accept(world)
    world.chargeover("clock", {"advance_seconds": 300})
    sync.later = timedelta(seconds=300)
    assert sync()["ChargeOver_Credit_Card__c"] == {"read": 1, "deleted": 1}
    assert sync.ledger.owed() == []


def test_the_lines_of_a_deleted_invoice_go_and_the_invoice_follows_its_own_rule(world, sync, files):
    files.keep(*billing)
    buyer = customer(world)
    gone, stays = invoice(world, buyer, 1, 2), invoice(world, buyer, 3)
    sync()
    world.call("DELETE", f"invoice/{gone}")

    counts = sync()

    assert counts["ChargeOver_Invoice_Line__c"]["deleted"] == 2
    assert len(world.rows("ChargeOver_Invoice_Line__c")) == 1
    assert set(world.rows("ChargeOver_Invoice__c")) == {str(gone), str(stays)}  # on_delete: ignore


def test_a_delete_without_the_right_to_it_is_owed_in_the_words_of_salesforce(world, sync, files):
    files.keep("products", "customers", "invoices", "subscriptions")
    files.edit("invoices", "on_delete: ignore", "on_delete: delete")
    gone = invoice(world, customer(world))
    sync()
    world.call("DELETE", f"invoice/{gone}")

    assert sync()["ChargeOver_Invoice__c"] == {"read": 1, "refused": 1}
    assert owed(sync, "ChargeOver_Invoice__c") == {
        str(gone): ("refused", "on_delete: insufficient access rights on object id")
    }


def test_a_record_that_is_gone_owes_nothing_any_more(world, sync, files):
    files.keep("products", "customers", "invoices", "subscriptions", "credit_cards", "bank_accounts")
    files.edit("invoices", "Memo__c:                   {from: memo, as: textarea, max: 32768, too_long: cut}",
               "Memo__c:                   {from: memo, as: textarea, max: 3}")  # fmt: skip
    bad = invoice(world, customer(world), memo="Too long")
    sync()
    assert set(owed(sync, "ChargeOver_Invoice__c")) == {str(bad)}
    world.call("DELETE", f"invoice/{bad}")

    sync()

    assert owed(sync, "ChargeOver_Invoice__c") == {}
    assert sync.ledger.history("invoice", bad)[-1].verdict == "forgotten"


def test_rows_that_leave_the_filter_follow_on_delete_and_come_back_when_they_fit_again(world, sync, files):
    files.keep("customers")
    files.edit("customers", "on_delete: ignore", "only: {tax_ident: VIP}\non_delete: {ChargeOver_Terms__c: Left}")
    one, two = customer(world, "One", tax_ident="VIP"), customer(world, "Two", tax_ident="other")
    assert sync()["Account"] == {"read": 1, "created": 1}

    edit(world, "customer", one, tax_ident="other")
    assert sync()["Account"] == {"read": 1, "deleted": 1}
    assert world.rows("Account")[str(one)]["ChargeOver_Terms__c"] == "Left"
    assert sync() == {}

    edit(world, "customer", one, tax_ident="VIP")
    assert sync()["Account"] == {"read": 1, "updated": 1}
    assert world.rows("Account")[str(one)]["ChargeOver_Terms__c"] != "Left"
    assert str(two) not in world.rows("Account")


def test_a_row_that_leaves_the_filter_is_left_as_it_is_by_default(world, sync, files):
    files.keep("customers")
    files.edit("customers", "on_delete: ignore", "only: {tax_ident: VIP}\non_delete: ignore")
    one = customer(world, "One", tax_ident="VIP")
    sync()
    edit(world, "customer", one, company="Renamed", tax_ident="other")

    assert sync()["Account"] == {"read": 1, "unchanged": 1}
    assert world.rows("Account")[str(one)]["Name"] == "One"
    edit(world, "customer", one, tax_ident="VIP")
    assert sync()["Account"] == {"read": 1, "updated": 1}


def test_children_that_a_record_does_not_show_are_left_as_they_are_and_all_else_goes_on(world, sync, files, between):
    files.keep(*billing)
    bill, other = invoice(world, customer(world)), invoice(world, customer(world, "Other"))
    sync()
    edit(world, "invoice", bill, memo="Touched")
    between.edit = lambda path, body: body.replace(b'"line_items":[', b'"line_items":null,"was":[')

    assert sync()["ChargeOver_Invoice__c"]["updated"] == 1
    assert sync.read["invoice"].unread == 2
    assert len(world.rows("ChargeOver_Invoice_Line__c")) == 2
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Memo__c"] == "Touched"
    assert str(other) in world.rows("ChargeOver_Invoice__c")


def test_an_older_run_that_ends_late_removes_no_row_of_a_newer_one(world, sync, files):
    files.keep(*billing)
    bill = invoice(world, customer(world), 10)
    sync()
    edit(world, "invoice", bill, memo="Seen by the slow run")
    sync.extract()
    slow = sync.map()
    edit(world, "invoice", bill, line_items=[{"item_id": 1, "line_rate": 7, "line_quantity": 1}])
    sync()
    (new,) = world.rows("ChargeOver_Invoice_Line__c")

    loaded = sync.load(slow)

    assert loaded["ChargeOver_Invoice_Line__c"].tally.verdicts.get("deleted") is None
    assert new in world.rows("ChargeOver_Invoice_Line__c")
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Total__c"] == 7
    sync(whole=True)
    assert set(world.rows("ChargeOver_Invoice_Line__c")) == {new}
