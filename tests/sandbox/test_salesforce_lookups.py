"""Lookups by id and by external id, nulls, masters, and what a delete does to children."""

import pytest


@pytest.fixture
def account(salesforce):
    return salesforce.create("Account", Name="Ada", Ext__c="Acc-1")


def test_a_lookup_takes_15_or_18_characters_and_shows_18(salesforce, account):
    for given in (account, account[:15]):
        made = salesforce.create("Invoice__c", Account__c=given)
        assert salesforce.read("Invoice__c", made)["Account__c"] == account


def test_a_lookup_by_external_id_finds_the_parent_without_case(salesforce, account):
    made = salesforce.create("Invoice__c", Account__r={"attributes": {"type": "Account"}, "Ext__c": "ACC-1"})
    assert salesforce.read("Invoice__c", made)["Account__c"] == account


def test_standard_lookups_are_named_without_the_r(salesforce, account):
    made = salesforce.create("Contact", LastName="B", Account={"Ext__c": "Acc-1"})
    assert salesforce.read("Contact", made)["AccountId"] == account


def test_null_clears_a_lookup(salesforce, account):
    made = salesforce.create("Invoice__c", Account__c=account)
    salesforce.call("PATCH", f"sobjects/Invoice__c/{made}", json={"Account__c": None})
    assert salesforce.read("Invoice__c", made)["Account__c"] is None


def test_a_parent_that_is_not_there_is_named(salesforce):
    refusal = salesforce.refusal("Invoice__c", Account__r={"Ext__c": "0116"})
    message = "Foreign key external ID: 0116 not found for field Ext__c in entity Account"
    assert refusal == ("INVALID_FIELD", message, [])


@pytest.mark.parametrize("nested", [None, {"Ext__c": None}, {}, {"Ext__c": "a", "Code__c": "b"}])
def test_a_nested_null_or_unclear_reference_is_refused(salesforce, account, nested):
    assert salesforce.refusal("Invoice__c", Account__r=nested)[0] == "INVALID_FIELD"


def test_both_forms_at_once_are_refused(salesforce, account):
    code, message, _ = salesforce.refusal("Invoice__c", Account__r={"Ext__c": "Acc-1"}, Account__c=account)
    assert code == "INVALID_FIELD"
    assert message == "Cannot specify both an external ID reference Account__r and a salesforce id, Account__c"


def test_an_unknown_relationship_or_key_is_refused(salesforce, account):
    answer = salesforce.send_rows("Invoice__c", "Ext__c", [{"Ext__c": "1", "Acount__r": {"Ext__c": "Acc-1"}}])
    assert answer.json()[0]["message"] == "No such column 'Acount__r' on sobject of type Invoice__c"
    for key in ("Phone", "Hidden__c", "Nope__c"):
        assert salesforce.refusal("Invoice__c", Account__r={key: "x"})[0] == "INVALID_FIELD"


def test_two_parents_with_the_value_are_duplicate_external_id(salesforce):
    ids = [salesforce.create("Account", Name=name, Loose__c="same") for name in "AB"]
    code, message, _ = salesforce.refusal("Invoice__c", Account__r={"Loose__c": "same"})
    assert code == "DUPLICATE_EXTERNAL_ID"
    assert message == f"Loose: more than one record found for external id field: [{ids[0]}, {ids[1]}]"


def test_what_is_no_id_is_malformed_and_another_objects_is_an_integrity_fault(salesforce):
    contact = salesforce.create("Contact", LastName="C")
    message = "Customer ID: id value of incorrect type: nonsense"
    assert salesforce.refusal("Invoice__c", Account__c="nonsense") == ("MALFORMED_ID", message, ["Account__c"])
    code, message, fields = salesforce.refusal("Invoice__c", Account__c=contact)
    assert (code, fields) == ("FIELD_INTEGRITY_EXCEPTION", ["Account__c"])
    assert message == f"Customer ID: id value of incorrect type: {contact}"


def test_an_id_of_no_row_or_a_wrong_record_type_is_an_invalid_cross_reference(salesforce, account):
    gone = account[:14] + "z"
    expected = ("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [])
    assert salesforce.refusal("Invoice__c", Account__c=gone) == expected
    code, message, _ = salesforce.refusal("Account", Name="B", RecordTypeId="012000000000001")
    assert code == "INVALID_CROSS_REFERENCE_KEY"
    assert message.startswith("Record Type ID: this ID value isn't valid for the user")


def test_a_wrong_checksum_is_no_id(salesforce, account):
    wrong = account[:17] + ("B" if account[17] != "B" else "C")
    assert salesforce.refusal("Invoice__c", Account__c=wrong)[0] == "MALFORMED_ID"


def test_a_detail_cannot_move_to_another_master_unless_it_may(salesforce):
    salesforce.create("Invoice__c", Ext__c="1")
    salesforce.create("Invoice__c", Ext__c="2")
    master = {"Invoice__r": {"Ext__c": "1"}}
    salesforce.upsert("Line__c", "Ext__c", {"Ext__c": "R1", "Needed__c": "n", **master})
    code, message, fields = salesforce.refusal("Line__c", Invoice__r={"Ext__c": "2"})
    assert (code, fields) == ("INVALID_FIELD_FOR_INSERT_UPDATE", ["Invoice__c"])
    assert message.startswith("Unable to create/update fields: Invoice__c. Please check the security settings")
    assert salesforce.refusal("Line__c", **master)[0] == "INVALID_FIELD_FOR_INSERT_UPDATE"  # stays: stricter reading
    salesforce.upsert("Memo__c", "Ext__c", {"Ext__c": "m", **master})
    (moved,) = salesforce.upsert("Memo__c", "Ext__c", {"Ext__c": "m", "Invoice__r": {"Ext__c": "2"}})
    assert moved["success"] is True


def test_a_master_takes_its_details_along_and_empties_lookups(salesforce, account):
    contact = salesforce.create("Contact", LastName="C", AccountId=account)
    invoice = salesforce.create("Invoice__c", Ext__c="1", Account__c=account)
    line = salesforce.create("Line__c", Invoice__c=invoice, Needed__c="n")
    child = salesforce.create("Account", Name="Kid", ParentId=account)
    assert salesforce.call("DELETE", f"sobjects/Account/{account}").status_code == 204
    assert salesforce.call("GET", f"sobjects/Contact/{contact}").status_code == 404
    assert salesforce.read("Invoice__c", invoice)["Account__c"] is None
    assert salesforce.read("Account", child)["ParentId"] is None
    assert salesforce.call("DELETE", f"sobjects/Invoice__c/{invoice}").status_code == 204
    assert salesforce.call("GET", f"sobjects/Line__c/{line}").json()[0]["errorCode"] == "ENTITY_IS_DELETED"


def test_a_restricting_lookup_forbids_the_delete_and_nothing_changes(salesforce):
    product = salesforce.create("Product2", Name="P")
    salesforce.create("Invoice__c", Guard__c=product)
    answer = salesforce.call("DELETE", f"sobjects/Product2/{product}")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "DELETE_FAILED")
    assert salesforce.read("Product2", product)["Name"] == "P"


def test_a_deleted_key_is_free_again(salesforce, account):
    salesforce.call("DELETE", f"sobjects/Account/{account}")
    (result,) = salesforce.upsert("Account", "Ext__c", {"Ext__c": "Acc-1", "Name": "New"})
    assert result["created"] is True
    assert result["id"] != account
