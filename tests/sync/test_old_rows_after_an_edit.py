"""What an edited mapping means for rows that are in Salesforce already: ``on_change``."""

import pytest
from deeds import customer, edit

tax = "ChargeOver_Tax_Id__c:               tax_ident"
cut = "ChargeOver_Tax_Id__c:               {from: tax_ident, max: 3, too_long: cut}"


@pytest.fixture
def edited(world, sync, files):
    """Two customers that were loaded, and an edit that makes another row of the second; its ``on_change`` is given."""

    def prepare(on_change=""):
        files.keep("customers")
        files.edit("customers", "external_id:", f"{on_change}\nexternal_id:")
        customer(world, "One", tax_ident="12")
        customer(world, "Two", tax_ident="12345")
        sync()
        world.chargeover("clock", {"advance_seconds": 3600})
        sync()
        files.edit("customers", tax, cut)
        return sync

    return prepare


def tax_ids(world):
    return {key: row["ChargeOver_Tax_Id__c"] for key, row in world.rows("Account").items()}


def test_from_now_on_leaves_rows_as_they_are_though_the_sweep_reads_their_records(world, edited):
    sync = edited()
    world.chargeover("clock", {"advance_seconds": 86_400})

    assert sync()["Account"] == {"read": 2, "unchanged": 2}
    assert tax_ids(world) == {"1": "12", "2": "12345"}


def test_from_now_on_a_record_that_changes_becomes_what_the_mapping_says_now(world, edited):
    sync = edited("on_change: from_now")
    edit(world, "customer", 2, company="Too")

    assert sync()["Account"] == {"read": 1, "updated": 1}
    assert tax_ids(world) == {"1": "12", "2": "123"}


def test_from_now_on_a_full_sync_by_a_person_brings_old_rows_too(world, edited):
    sync = edited("on_change: from_now")

    assert sync(whole=True)["Account"] == {"read": 2, "updated": 1, "unchanged": 1}


def test_with_resync_old_rows_follow_whenever_their_records_are_read(world, edited):
    sync = edited("on_change: resync")
    world.chargeover("clock", {"advance_seconds": 86_400})

    assert sync()["Account"] == {"read": 2, "updated": 1, "unchanged": 1}
    assert tax_ids(world) == {"1": "12", "2": "123"}


def test_a_row_that_salesforce_lost_comes_back_though_its_mapping_was_edited(world, sync, edited):
    edited("on_change: from_now")
    sync.ledger.suspect("Account", ["2"], "asked", sync.now())

    assert sync()["Account"] == {"read": 1, "updated": 1}


@pytest.mark.parametrize(("nulls", "sent"), [("leave", {"1"}), ("clear", {"1", "2"})])
def test_an_added_field_that_is_empty_sends_a_row_only_where_nulls_clear_what_the_org_may_hold(
    world, sync, files, nulls, sent
):
    files.keep("customers")
    files.edit("customers", tax, "")
    files.edit("customers", "nulls: leave", f"nulls: {nulls}")
    customer(world, "One", tax_ident="12345")
    customer(world, "Two", tax_ident="")
    sync()
    files.edit("customers", "fields:\n", f"fields:\n  {tax}\n")

    others = {"unchanged": 1} if len(sent) == 1 else {}
    assert sync(whole=True)["Account"] == {"read": 2, "updated": len(sent)} | others
    assert {each.external_id for each in sync.ledger.log("2")} == sent
    assert sync(whole=True)["Account"] == {"read": 2, "unchanged": 2}
