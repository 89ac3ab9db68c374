"""Fields that Salesforce lets be set at create only are named then, and afterwards only when they have changed."""

from dataclasses import replace

import pytest
from deeds import customer, owed, subscribe

from pipelines.ledger.ledger import open_ledger

line = "ChargeOver_Subscription_Line__c"


@pytest.fixture
def world(world):
    """An org in which a line may not be moved to another subscription."""
    facts = {"updateable": False}
    world.salesforce("schema", {"sobject": line, "field": "Subscription__c", "facts": facts})
    return world


@pytest.fixture
def package(world, files):
    files.keep("customers", "credit_cards", "bank_accounts", "subscriptions", "subscription_lines", "products")
    return subscribe(world, customer(world))


@pytest.mark.parametrize("bulk_from", [1, 50_000])
def test_a_parent_that_cannot_be_changed_is_named_at_create_only(world, sync, files, package, bulk_from):
    sync.bulk_from = bulk_from
    assert sync()[line] == {"read": 1, "created": 1}
    files.edit("subscription_lines", "{from: descrip, as: textarea, max: 5000, too_long: cut}", "{value: New}")
    assert sync(whole=True)[line] == {"read": 1, "updated": 1}
    (row,) = world.rows(line).values()
    assert row["Description__c"] == "New"
    assert row["Subscription__c"] == world.rows("ChargeOver_Subscription__c")[str(package)]["Id"]
    assert sync(whole=True, resend=True)[line] == {"read": 1, "updated": 1}


@pytest.mark.parametrize("bulk_from", [1, 50_000])
def test_rows_that_were_there_before_the_ledger_are_updated_too(world, sync, package, tmp_path, bulk_from):
    sync()
    with open_ledger(f"sqlite:///{tmp_path}/another.db") as ledger:
        another = replace(sync, ledger=ledger, bulk_from=bulk_from)
        assert another(whole=True)[line] == {"read": 1, "updated": 1}
        assert owed(another, line) == {}
