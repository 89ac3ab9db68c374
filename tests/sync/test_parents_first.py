"""No child before its parent: rows wait, say for whom, and go by themselves."""

from datetime import timedelta

import pytest
from deeds import accept, card, customer, edit, invoice, owed, pay, refuse

people = "products", "customers", "invoices", "invoice_lines", "subscriptions", "subscription_lines"


def test_parents_and_children_that_are_new_together_land_in_one_run(world, sync):
    invoice(world, customer(world))

    counts = sync()

    assert counts["ChargeOver_Invoice_Line__c"] == {"read": 1, "created": 1}


def test_a_child_is_held_while_its_parent_is_refused_and_goes_when_the_parent_is_corrected(world, sync, files):
    files.keep(*people)
    refuse(world, "Account", "Name", "Bad")
    buyer = customer(world, "Bad")
    bill = invoice(world, buyer)

    counts = sync()

    assert counts["Account"] == {"read": 1, "refused": 1}
    assert counts["ChargeOver_Invoice__c"] == {"read": 1, "held": 1}
    assert counts["ChargeOver_Invoice_Line__c"] == {"read": 1, "held": 1}
    assert owed(sync, "Account") == {str(buyer): ("refused", "Not like this")}
    held = sync.ledger.owed("ChargeOver_Invoice__c")[0]
    assert held.awaits == ("Account", str(buyer))

    edit(world, "customer", buyer, company="Good")
    counts = sync()

    assert counts["Account"] == {"read": 1, "created": 1}
    assert counts["ChargeOver_Invoice__c"] == {"read": 1, "created": 1}
    assert counts["ChargeOver_Invoice_Line__c"] == {"read": 1, "created": 1}
    assert sync.ledger.owed() == []
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Account__c"] == world.rows("Account")[str(buyer)]["Id"]


def test_a_child_is_held_while_its_parent_is_rejected_by_the_mapping(world, sync, files):
    files.keep("products", "customers", "invoices", "subscriptions")
    files.edit("customers", "ChargeOver_Tax_Id__c:               tax_ident",
               "ChargeOver_Tax_Id__c:               {from: tax_ident, max: 3}")  # fmt: skip
    buyer = customer(world, tax_ident="12345")
    invoice(world, buyer)

    counts = sync()

    assert (counts["Account"], counts["ChargeOver_Invoice__c"]) == ({"read": 1, "rejected": 1}, {"read": 1, "held": 1})
    assert world.rows("ChargeOver_Invoice__c") == {}

    edit(world, "customer", buyer, tax_ident="123")
    assert sync()["ChargeOver_Invoice__c"] == {"read": 1, "created": 1}
    assert sync.ledger.owed() == []


def test_a_refused_row_rests_until_it_is_due_and_lands_when_the_org_has_changed(world, sync, files):
    files.keep("products", "customers")
    refuse(world, "Account", "Name", "Bad")
    customer(world, "Bad")
    sync()
    accept(world)
    world.chargeover("clock", {"advance_seconds": 3 * 60})
    sync.later = timedelta(minutes=3)

    assert sync()["Account"] == {"read": 1, "created": 1}
    assert sync.ledger.owed() == []


def test_grandparent_parent_and_child_land_in_one_run_whatever_their_order(world, sync, files):
    files.keep("customers")
    child, parent, grandparent = (customer(world, name) for name in ("Child", "Parent", "Grandparent"))
    edit(world, "customer", child, parent_customer_id=parent)
    edit(world, "customer", parent, parent_customer_id=grandparent)

    assert sync()["Account"] == {"read": 3, "created": 3}
    rows = world.rows("Account")
    assert rows[str(child)]["ParentId"] == rows[str(parent)]["Id"]
    assert rows[str(parent)]["ParentId"] == rows[str(grandparent)]["Id"]


def test_a_circle_of_parents_is_held_and_names_who_waits_for_whom(world, sync, files):
    files.keep("customers")
    one, two = customer(world, "One"), customer(world, "Two")
    edit(world, "customer", one, parent_customer_id=two)
    edit(world, "customer", two, parent_customer_id=one)
    outsider = customer(world, "Outsider")

    assert sync()["Account"] == {"read": 3, "created": 1, "held": 2}
    assert set(world.rows("Account")) == {str(outsider)}
    told = owed(sync, "Account")
    assert told[str(one)][1].startswith(f"ParentId: Account '{two}' has not landed yet")
    assert told[str(two)][1].startswith(f"ParentId: Account '{one}' has not landed yet")

    edit(world, "customer", one, parent_customer_id=None)
    assert sync()["Account"]["created"] == 2
    assert sync.ledger.owed() == []


@pytest.mark.parametrize(("missing", "outcome"), [("hold", "held"), ("null", "created"), ("reject", "rejected")])
def test_a_missing_parent_holds_empties_or_rejects_as_the_mapping_says(world, sync, files, missing, outcome):
    files.keep("products", "customers", "invoices", "subscriptions")
    files.edit(
        "invoices", "{from: customer_id, to: Account}", f"{{from: customer_id, to: Account, missing: {missing}}}"
    )
    refuse(world, "Account", "Name", "Bad")
    buyer = customer(world, "Bad")
    bill = invoice(world, buyer)
    sync()  # they travel together, and only Salesforce's answer tells that the parent is refused

    counts = sync()

    assert counts["ChargeOver_Invoice__c"] == {"read": 1, outcome: 1}
    if missing == "null":
        assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Account__c"] is None
    else:
        assert f"Account__c: Account '{buyer}' has not landed" in owed(sync, "ChargeOver_Invoice__c")[str(bill)][1]


def test_a_lookup_left_empty_is_filled_once_the_parent_has_landed_and_the_row_is_read_again(world, sync, files):
    files.keep("products", "customers", "invoices", "subscriptions")
    files.edit("invoices", "{from: customer_id, to: Account}", "{from: customer_id, to: Account, missing: null}")
    refuse(world, "Account", "Name", "Bad")
    buyer = customer(world, "Bad")
    bill = invoice(world, buyer)
    sync()
    sync()
    world.chargeover("clock", {"advance_seconds": 600})
    sync()  # from now on the invoice lies before the window
    edit(world, "customer", buyer, company="Good")
    sync()

    assert sync(whole=True)["ChargeOver_Invoice__c"] == {"read": 1, "updated": 1}
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Account__c"] == world.rows("Account")[str(buyer)]["Id"]


def test_a_parent_refused_in_the_same_request_holds_its_children_there(world, sync, files):
    """Parent and child travel together, so only Salesforce's answer tells that the parent did not land."""
    files.keep(*people)
    refuse(world, "ChargeOver_Invoice__c", "Memo__c", "Bad")
    bill = invoice(world, customer(world), memo="Bad")

    counts = sync()

    assert counts["ChargeOver_Invoice__c"] == {"read": 1, "refused": 1}
    assert counts["ChargeOver_Invoice_Line__c"] == {"read": 1, "held": 1}
    assert sync.ledger.owed("ChargeOver_Invoice_Line__c")[0].awaits == ("ChargeOver_Invoice__c", str(bill))


def test_applied_payments_wait_for_both_of_their_parents(world, sync, files):
    files.keep(*people, "transactions", "applied_payments", "credit_cards", "bank_accounts")
    buyer = customer(world)
    bill = invoice(world, buyer, memo="Bad")
    refuse(world, "ChargeOver_Invoice__c", "Memo__c", "Bad")
    payment = pay(world, buyer, (bill, 30))

    counts = sync()
    assert counts["ChargeOver_Applied_Payment__c"] == {"read": 1, "held": 1}

    edit(world, "invoice", bill, memo="Good")
    counts = sync()
    assert counts["ChargeOver_Applied_Payment__c"] == {"read": 1, "created": 1}
    assert set(world.rows("ChargeOver_Applied_Payment__c")) == {f"{payment}-{bill}"}
    assert sync.ledger.owed() == []


def test_counts_add_up_in_the_middle_of_all_kinds_of_trouble(world, sync):
    refuse(world, "Account", "Name", "Bad")
    for name in ("Good", "Bad", "Also good"):
        buyer = customer(world, name, superuser_name="Ann Lee")
        pay(world, buyer, (invoice(world, buyer, 10, 20), 5))

    for each in sync().values():
        assert each["read"] == sum(count for verdict, count in each.items() if verdict != "read")


def test_a_refund_keeps_its_payment_though_both_wait_in_vain_for_a_card_that_is_gone(world, sync, files):
    files.keep(*people, "transactions", "applied_payments", "credit_cards", "bank_accounts")
    buyer = customer(world)
    used = card(world, buyer)
    payment = world.create("transaction", customer_id=buyer, amount=30, transaction_type="pay", gateway_status=1,
                           creditcard_id=used)  # fmt: skip
    refund = world.act("transaction", payment, "refund", amount=30)
    world.call("DELETE", f"creditcard/{used}")

    sync()

    rows = world.rows("ChargeOver_Transaction__c")
    assert rows[str(refund)]["Parent_Transaction__c"] == rows[str(payment)]["Id"]
