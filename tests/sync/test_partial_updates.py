"""An update sends only what differs from what Salesforce accepted last, as long as that is certain."""

import administrator
import pytest
from deeds import card, customer, edit, refuse


@pytest.fixture
def acme(world, sync, files):
    """A customer whose row somebody has touched in Salesforce: a field that is sent again loses the touch."""
    files.keep("customers")
    acme = customer(world, "Acme", bill_city="Springfield", superuser_phone="555-0100")
    sync()
    touch(world, acme)
    return acme


def touch(world, acme):
    administrator.edit(world, "Account", world.rows("Account")[str(acme)]["Id"], BillingCity="Touched")


def city(world, acme):
    return world.rows("Account")[str(acme)]["BillingCity"]


def name(world, acme):
    return world.rows("Account")[str(acme)]["Name"]


def test_only_the_fields_that_differ_are_sent(world, sync, acme):
    edit(world, "customer", acme, company="Acme Ltd")
    assert sync()["Account"] == {"read": 1, "updated": 1}
    assert (name(world, acme), city(world, acme)) == ("Acme Ltd", "Touched")


def test_each_update_is_compared_with_the_one_before(world, sync, acme):
    for company in ("Acme Ltd", "Acme", "Acme Ltd"):
        edit(world, "customer", acme, company=company)
        sync()
        assert (name(world, acme), city(world, acme)) == (company, "Touched")
    edit(world, "customer", acme, bill_city="Shelbyville")
    sync()
    assert (name(world, acme), city(world, acme)) == ("Acme Ltd", "Shelbyville")


def test_everything_is_sent_when_that_is_switched_off(world, sync, acme):
    sync.partial = False
    edit(world, "customer", acme, company="Acme Ltd")
    sync()
    assert (name(world, acme), city(world, acme)) == ("Acme Ltd", "Springfield")


def test_everything_is_sent_when_all_is_to_be_sent_again(world, sync, acme):
    edit(world, "customer", acme, company="Acme Ltd")
    sync(resend=True)
    assert city(world, acme) == "Springfield"


def test_everything_is_sent_after_an_answer_that_never_came(world, sync, acme):
    edit(world, "customer", acme, company="Acme Ltd")
    world.salesforce("faults", [{"kind": "limit_exceeded", "path": "composite"}])
    with pytest.raises(Exception, match="REQUEST_LIMIT"):
        sync()
    sync()
    assert (name(world, acme), city(world, acme)) == ("Acme Ltd", "Springfield")


def test_everything_is_sent_once_the_mapping_writes_other_fields(world, sync, files, acme):
    files.edit("customers", "  ChargeOver_Terms__c:                terms_name\n", "")
    edit(world, "customer", acme, company="Acme Ltd")
    sync()
    assert (name(world, acme), city(world, acme)) == ("Acme Ltd", "Springfield")


def test_a_row_that_was_deleted_in_salesforce_comes_back_whole(world, sync, files):
    files.keep("customers", "credit_cards")
    visa = str(card(world, customer(world)))
    sync()
    before = world.rows("ChargeOver_Credit_Card__c")[visa]
    administrator.delete(world, "ChargeOver_Credit_Card__c", before["Id"])
    files.edit("credit_cards", "{from: name, max: 255, too_long: cut}", "{value: Somebody}")
    assert sync(whole=True)["ChargeOver_Credit_Card__c"] == {"read": 1, "created": 1}
    after = world.rows("ChargeOver_Credit_Card__c")[visa]
    own = {"Id", "CreatedDate", "LastModifiedDate", "SystemModstamp", "Cardholder_Name__c"}
    assert {name: after[name] for name in after.keys() - own} == {name: before[name] for name in before.keys() - own}


def test_a_refused_update_is_sent_with_all_that_it_lacks_when_it_is_tried_again(world, sync, acme):
    refuse(world, "Account", "Name", "Acme Ltd")
    edit(world, "customer", acme, company="Acme Ltd")
    sync()
    edit(world, "customer", acme, company="Acme Inc", bill_city="Ogdenville")
    sync()
    assert (name(world, acme), city(world, acme)) == ("Acme Inc", "Ogdenville")


def test_a_lookup_that_was_emptied_is_sent_once_its_parent_has_landed(world, sync, files):
    files.keep("customers")
    files.edit("customers", "to: Account}", "to: Account, missing: null}")
    refuse(world, "Account", "Name", "Group")
    group = customer(world, "Group")
    acme = customer(world, "Acme", parent_customer_id=group)
    sync()
    assert world.rows("Account")[str(acme)].get("ParentId") is None
    edit(world, "customer", group, company="Group Ltd")
    edit(world, "customer", acme, company="Acme Ltd")
    sync()
    rows = world.rows("Account")
    assert rows[str(acme)]["ParentId"] == rows[str(group)]["Id"]


def test_a_mark_for_a_row_that_was_deleted_in_salesforce_leaves_nothing_behind(world, sync, files):
    files.keep("customers", "credit_cards")
    files.edit("credit_cards", "on_delete: delete", "on_delete: {Expires__c: gone}")
    visa = card(world, customer(world))
    sync()
    administrator.delete(world, "ChargeOver_Credit_Card__c", world.rows("ChargeOver_Credit_Card__c")[str(visa)]["Id"])
    world.call("DELETE", f"creditcard/{visa}")
    assert sync()["ChargeOver_Credit_Card__c"] == {"read": 1, "deleted": 1}
    assert world.rows("ChargeOver_Credit_Card__c") == {}
