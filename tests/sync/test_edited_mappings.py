"""Mapping files come and are edited while the sync is in use."""

import pytest
from deeds import customer, edit, invoice, owed


def test_a_mapping_added_later_loads_all_its_records_and_sends_no_other_again(world, sync, files):
    files.keep("customers")
    for name in ("One", "Two"):
        customer(world, name, superuser_name="Ann Lee")
    sync()
    world.chargeover("clock", {"advance_seconds": 3600})
    sync()
    files.add("contacts")

    counts = sync()

    assert counts["Contact"] == {"read": 2, "created": 2}
    assert "created" not in counts.get("Account", {})
    assert "updated" not in counts.get("Account", {})


def test_a_second_mapping_of_the_same_object_starts_from_the_beginning(world, sync, files):
    files.keep("products", "customers", "invoices", "subscriptions", "credit_cards", "bank_accounts",
               "subscription_lines")  # fmt: skip
    invoice(world, customer(world), 1, 2)
    sync()
    world.chargeover("clock", {"advance_seconds": 3600})
    sync()
    files.add("invoice_lines")

    counts = sync()

    assert counts["ChargeOver_Invoice_Line__c"] == {"read": 2, "created": 2}
    assert counts["ChargeOver_Invoice__c"] == {"read": 1, "unchanged": 1}


def test_rejected_rows_are_tried_again_once_the_mapping_is_edited_and_not_before(world, sync, files):
    files.keep("customers")
    strict = "ChargeOver_Tax_Id__c:               {from: tax_ident, max: 3}"
    files.edit("customers", "ChargeOver_Tax_Id__c:               tax_ident", strict)
    customer(world, "One", tax_ident="12345")
    customer(world, "Two", tax_ident="1")
    assert sync()["Account"] == {"read": 2, "created": 1, "rejected": 1}
    world.chargeover("clock", {"advance_seconds": 3600})
    sync()
    assert sync() == {}

    files.edit("customers", "max: 3}", "max: 5}")

    assert sync()["Account"] == {"read": 1, "created": 1}
    assert owed(sync, "Account") == {}


def test_comments_and_layout_of_a_mapping_count_as_no_edit(world, sync, files):
    files.keep("customers")
    files.edit("customers", "ChargeOver_Tax_Id__c:               tax_ident",
               "ChargeOver_Tax_Id__c:               {from: tax_ident, max: 3}")  # fmt: skip
    customer(world, tax_ident="12345")
    sync()
    world.chargeover("clock", {"advance_seconds": 3600})
    sync()
    files.edit("customers", "{from: tax_ident, max: 3}", "{max: 3,    from: tax_ident}  # as agreed")

    assert sync() == {}


def test_after_an_edit_only_rows_whose_payload_changes_are_sent(world, sync, files):
    files.keep("customers")
    customer(world, "One", tax_ident="12")
    customer(world, "Two", tax_ident="12345")
    sync()
    files.edit("customers", "ChargeOver_Tax_Id__c:               tax_ident",
               "ChargeOver_Tax_Id__c:               {from: tax_ident, max: 3, too_long: cut}")  # fmt: skip

    assert sync(whole=True)["Account"] == {"read": 2, "updated": 1, "unchanged": 1}
    assert world.rows("Account")["2"]["ChargeOver_Tax_Id__c"] == "123"


def test_resend_sends_what_salesforce_has_accepted_before(world, sync, files):
    files.keep("customers")
    customer(world, "One")
    sync()

    assert sync(whole=True)["Account"] == {"read": 1, "unchanged": 1}
    assert sync(whole=True, resend=True)["Account"] == {"read": 1, "updated": 1}


def test_payloads_of_an_older_mapping_are_not_loaded(world, sync, files):
    files.keep("customers")
    customer(world, "One")
    sync.extract()
    work = sync.map()
    files.edit("customers", "ChargeOver_Tax_Id__c:               tax_ident", "")
    edited = sync.shelf().mappings[0]
    stale = [type(each)(edited, each.kind, each.payloads, each.records) for each in work]

    with pytest.raises(Exception, match=r"customers.yaml: the mapping was edited after its payloads were staged"):
        sync.load(stale)
    assert world.rows("Account") == {}


def test_two_records_that_claim_one_external_id_are_rejected_and_name_each_other(world, sync, files):
    files.keep("customers")
    files.edit(
        "customers", "ChargeOver_Id__c:                   customer_id", "ChargeOver_Id__c:                   company"
    )
    one = customer(world, "Twin")
    assert sync()["Account"] == {"read": 1, "created": 1}
    world.chargeover("clock", {"advance_seconds": 3600})
    sync()  # from now on the first lies before the window
    two = customer(world, "Twin")

    assert sync()["Account"] == {"read": 1, "rejected": 1}
    (told,) = sync.ledger.owed("Account")
    assert (told.record_id, told.code) == (two, "EXTERNAL_ID_TAKEN")
    assert told.message.startswith(f"ChargeOver_Id__c: 'Twin' is the external id of customer {one} already")
    assert len(world.rows("Account")) == 1

    edit(world, "customer", two, company="Single")
    sync()
    assert set(world.rows("Account")) == {"Twin", "Single"}


def test_two_new_records_of_one_external_id_are_both_rejected(world, sync, files):
    files.keep("customers")
    files.edit(
        "customers", "ChargeOver_Id__c:                   customer_id", "ChargeOver_Id__c:                   company"
    )
    customer(world, "Twin")
    customer(world, "Twin")

    assert sync()["Account"] == {"read": 2, "rejected": 2}
    assert world.rows("Account") == {}
    assert all("Twin" in each.message for each in sync.ledger.owed("Account"))
