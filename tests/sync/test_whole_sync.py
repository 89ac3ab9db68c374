"""The main job, end to end over HTTP: a company lands, changes follow, nothing is written twice."""

from decimal import Decimal

import pytest


@pytest.fixture
def customers():
    return 12


def test_first_sync_lands_every_record_of_all_kinds(world, sync):
    counts = sync()

    assert all(each == {"read": each["read"], "created": each["read"]} for each in counts.values())
    assert len(world.rows("ChargeOver_Invoice__c")) == world.chargeover("state")["invoice"]


def test_second_sync_without_changes_makes_no_write_call(world, sync):
    sync()
    before = world.write_calls()

    counts = sync()

    assert world.write_calls() == before
    assert all(each == {"read": each["read"], "unchanged": each["read"]} for each in counts.values())


def test_a_payment_brings_its_transaction_its_invoice_and_its_customer(world, sync):
    customer = world.create("customer", company="Payer GmbH")
    invoice = world.create(
        "invoice", customer_id=customer, line_items=[{"item_id": 1, "line_rate": 80, "line_quantity": 1}]
    )
    sync()
    world.create("transaction", customer_id=customer, amount=80, transaction_type="pay", gateway_status=1,
                 applied_to=[{"invoice_id": invoice, "applied": 80}])  # fmt: skip

    sync()

    row = world.rows("ChargeOver_Invoice__c")[str(invoice)]
    assert (row["Status__c"], Decimal(str(row["Balance__c"])), Decimal(str(row["Payments__c"]))) == ("Paid", 0, 80)
    assert Decimal(str(world.rows("Account")[str(customer)]["ChargeOver_Balance__c"])) == 0
