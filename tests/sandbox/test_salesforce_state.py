"""The whole org as one JSON document, saved and taken up again."""

import json
import shutil

import pytest

from sandbox.salesforce import Org, app


def test_a_saved_org_goes_on_where_it_stopped(salesforce, stage, org, schema_folder):
    account = salesforce.create("Account", Name="A", Ext__c="1")
    invoice = salesforce.create("Invoice__c", Ext__c="1", Account__r={"Ext__c": "1"})
    gone = salesforce.create("Account", Name="B")
    salesforce.call("DELETE", f"sobjects/Account/{gone}")
    salesforce.admin("POST", "rules", [{"sobject": "Account", "field": "Name", "value": "X"}])
    salesforce.admin("POST", "clock", {"advance_seconds": 1000})
    used = org.allowance.used

    again = Org.load(json.loads(json.dumps(org.dump())), schema_folder)

    assert again.allowance.used == used
    assert 990 < (again.clock.now() - again.clock.source()).total_seconds() < 1010
    stage.app = app(again, admin=True)
    salesforce.log_in()
    assert salesforce.upsert("Account", "Ext__c", {"Ext__c": "1", "Name": "A2"})[0] | {"errors": []} == {
        "id": account,
        "success": True,
        "errors": [],
        "created": False,
    }
    assert salesforce.read("Invoice__c", invoice)["Account__c"] == account
    assert salesforce.call("GET", f"sobjects/Account/{gone}").json()[0]["errorCode"] == "ENTITY_IS_DELETED"
    assert salesforce.refusal("Account", Name="X")[0] == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    assert salesforce.create("Account", Name="C") not in {account, gone}
    assert salesforce.read("Invoice__c", salesforce.create("Invoice__c"))["Name"] == "INV-0002"


def test_key_prefixes_stay_when_objects_come_and_go(org, schema_folder, tmp_path):
    table = org.tables["Memo__c"]
    prefix = table.shape.prefix
    folder = shutil.copytree(schema_folder, tmp_path / "app")
    objects = folder / "main" / "default" / "objects"
    (objects / "Invoice__c").rename(objects / "Bill__c")
    (objects / "Bill__c" / "Invoice__c.object-meta.xml").rename(objects / "Bill__c" / "Bill__c.object-meta.xml")
    again = Org.load(org.dump(), folder, field_level_security=False)
    assert again.tables["Memo__c"].shape.prefix == prefix
    assert len({one.shape.prefix for one in again.tables.values()}) == len(again.tables)


def test_rows_of_an_object_that_is_gone_are_an_error(salesforce, org, schema_folder, tmp_path):
    salesforce.create("Invoice__c")
    folder = shutil.copytree(schema_folder, tmp_path / "app")
    shutil.rmtree(folder / "main" / "default" / "objects" / "Invoice__c")
    with pytest.raises(ValueError, match="rows of Invoice__c"):
        Org.load(org.dump(), folder)
