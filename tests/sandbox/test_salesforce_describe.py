"""What the org says of itself: objects, fields, and only what the permission set grants."""

import pytest
from salesforce_desk import write_permissions, write_schema

from sandbox.salesforce import Org, app

FIELD_KEYS = [
    "aggregatable", "aiPredictionField", "autoNumber", "byteLength", "calculated", "calculatedFormula",
    "cascadeDelete", "caseSensitive", "compoundFieldName", "controllerName", "createable", "custom",
    "defaultValue", "defaultValueFormula", "defaultedOnCreate", "dependentPicklist", "deprecatedAndHidden",
    "digits", "displayLocationInDecimal", "encrypted", "externalId", "extraTypeInfo", "filterable",
    "filteredLookupInfo", "formulaTreatNullNumberAsZero", "groupable", "highScaleNumber", "htmlFormatted",
    "idLookup", "inlineHelpText", "label", "length", "mask", "maskType", "name", "nameField", "namePointing",
    "nillable", "permissionable", "picklistValues", "polymorphicForeignKey", "precision", "queryByDistance",
    "referenceTargetField", "referenceTo", "relationshipName", "relationshipOrder", "restrictedDelete",
    "restrictedPicklist", "scale", "searchPrefilterable", "soapType", "sortable", "type", "unique", "updateable",
    "writeRequiresMasterRead",
]  # fmt: skip


def fields_of(salesforce, sobject):
    answer = salesforce.call("GET", f"sobjects/{sobject}/describe")
    assert answer.status_code == 200
    return {field["name"]: field for field in answer.json()["fields"]}


def shown(field, *keys):
    return tuple(field[key] for key in keys)


def test_every_field_has_the_57_keys_in_the_recorded_order(salesforce):
    assert len(FIELD_KEYS) == 57
    for sobject in ("Account", "Contact", "Product2", "User", "Invoice__c", "Line__c"):
        for field in fields_of(salesforce, sobject).values():
            assert list(field) == FIELD_KEYS


def test_types_and_sizes_follow_the_metadata(salesforce):
    fields = fields_of(salesforce, "Invoice__c")
    assert shown(fields["Ext__c"], "type", "length", "byteLength", "soapType") == ("string", 20, 60, "xsd:string")
    assert shown(fields["Ext__c"], "externalId", "unique", "idLookup", "caseSensitive") == (True, True, True, False)
    assert shown(fields["Number__c"], "type", "precision", "scale", "soapType") == ("double", 18, 0, "xsd:double")
    assert shown(fields["Total__c"], "type", "precision", "scale", "byteLength") == ("currency", 10, 2, 0)
    assert shown(fields["Paid__c"], "type", "nillable", "defaultedOnCreate") == ("boolean", False, True)
    assert shown(fields["Mail__c"], "type", "length") == ("email", 80)
    assert shown(fields["Call__c"], "type", "length") == ("phone", 40)
    assert shown(fields["Link__c"], "type", "length") == ("url", 255)
    assert shown(fields["Tags__c"], "type", "length", "byteLength") == ("multipicklist", 4099, 4099)
    assert shown(fields["Story__c"], "type", "length", "filterable", "sortable") == ("textarea", 1000, False, False)
    assert shown(fields["Due__c"], "soapType", "groupable") == ("xsd:date", True)
    assert shown(fields["Sent__c"], "soapType", "groupable") == ("xsd:dateTime", False)
    values = [(value["value"], value["active"]) for value in fields["Status__c"]["picklistValues"]]
    assert (values, fields["Status__c"]["restrictedPicklist"]) == ([("draft", True), ("Paid", True)], True)


def test_names_and_lookups_show_what_they_are(salesforce):
    fields = fields_of(salesforce, "Invoice__c")
    assert shown(fields["Name"], "autoNumber", "createable", "nillable", "nameField") == (True, False, False, True)
    lookup = fields["Account__c"]
    assert shown(lookup, "type", "referenceTo", "relationshipName", "length") == (
        "reference",
        ["Account"],
        "Account__r",
        18,
    )
    master = fields_of(salesforce, "Line__c")["Invoice__c"]
    assert shown(master, "nillable", "createable", "updateable", "relationshipOrder") == (False, True, False, 0)
    assert fields_of(salesforce, "Memo__c")["Invoice__c"]["updateable"] is True
    assert fields_of(salesforce, "Account")["ParentId"]["relationshipName"] == "Parent"


def test_details_have_no_owner_but_others_do(salesforce):
    assert "OwnerId" not in fields_of(salesforce, "Line__c")
    assert "OwnerId" in fields_of(salesforce, "Invoice__c")


@pytest.mark.parametrize(
    ("sobject", "required"),
    [
        ("Account", ["Name"]),
        ("Contact", ["LastName"]),
        ("Product2", ["Name"]),
        ("Line__c", ["Invoice__c", "Needed__c"]),
    ],
)
def test_required_is_createable_not_nillable_not_defaulted(salesforce, sobject, required):
    fields = fields_of(salesforce, sobject).values()
    rule = [f["name"] for f in fields if f["createable"] and not f["nillable"] and not f["defaultedOnCreate"]]
    assert rule == required


def test_standard_fields_are_those_of_the_recorded_describes(stage, salesforce, schema_folder):
    stage.app = app(Org.from_metadata(schema_folder, field_level_security=False))
    salesforce.log_in()
    fields = fields_of(salesforce, "Account")
    assert shown(fields["BillingStreet"], "type", "length", "compoundFieldName") == ("textarea", 255, "BillingAddress")
    assert shown(fields["NumberOfEmployees"], "type", "digits") == ("int", 8)
    assert shown(fields["AnnualRevenue"], "type", "precision", "scale") == ("currency", 18, 0)
    assert len(fields["Industry"]["picklistValues"]) == 32
    assert shown(fields["CleanStatus"], "restrictedPicklist", "type") == (True, "picklist")
    assert fields["CleanStatus"]["picklistValues"][0] | {"validFor": None} == {
        "active": True,
        "defaultValue": False,
        "label": "In Sync",
        "validFor": None,
        "value": "Matched",
    }
    contact = fields_of(salesforce, "Contact")
    assert shown(contact["Email"], "idLookup", "externalId", "length") == (True, False, 80)
    assert shown(contact["Name"], "createable", "nameField", "length") == (False, True, 121)
    assert "Hidden__c" in fields


def test_a_field_without_a_grant_is_absent(salesforce):
    fields = fields_of(salesforce, "Account")
    assert "Hidden__c" not in fields
    assert "Fax" not in fields
    assert {"Id", "Name", "OwnerId", "CreatedDate", "Phone", "BillingCity", "BillingAddress"} <= set(fields)


def test_a_field_granted_for_reading_only_is_shown_but_not_written(salesforce):
    field = fields_of(salesforce, "Account")["Locked__c"]
    assert shown(field, "createable", "updateable") == (False, False)
    code, _, names = salesforce.refusal("Account", Name="A", Locked__c="x")
    assert (code, names) == ("INVALID_FIELD_FOR_INSERT_UPDATE", ["Locked__c"])


def test_without_create_and_edit_rights_nothing_is_written(tmp_path, stage, salesforce):
    root = write_schema(tmp_path / "app")
    write_permissions(root / "main" / "default", rights="Read")
    stage.app = app(Org.from_metadata(root))
    salesforce.log_in()
    assert salesforce.call("GET", "sobjects/Account").json()["objectDescribe"]["createable"] is False
    assert salesforce.refusal("Account", Name="A")[0] == "INSUFFICIENT_ACCESS_OR_READONLY"
    assert salesforce.call("POST", "sobjects/Account", json={"Name": "A"}).status_code == 403


def test_an_object_without_read_right_does_not_exist(tmp_path, stage, salesforce):
    root = write_schema(tmp_path / "app")
    write_permissions(root / "main" / "default", rights="")
    stage.app = app(Org.from_metadata(root))
    salesforce.log_in()
    assert salesforce.call("GET", "sobjects/Account/describe").status_code == 404


def test_a_project_without_a_permission_set_says_what_to_do(tmp_path):
    root = write_schema(tmp_path / "app")
    (root / "main" / "default" / "permissionsets" / "Loader.permissionset-meta.xml").unlink()
    with pytest.raises(FileNotFoundError, match="field_level_security=False"):
        Org.from_metadata(root)


def test_a_folder_without_objects_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="no objects/ folder"):
        Org.from_metadata(tmp_path)


def test_an_unknown_field_type_names_the_file(tmp_path):
    root = write_schema(tmp_path / "app")
    file = root / "main" / "default" / "objects" / "Account" / "fields" / "Ext__c.field-meta.xml"
    file.write_text(file.read_text().replace("<type>Text<", "<type>Txt<"))
    with pytest.raises(ValueError, match=r"Ext__c.field-meta.xml: field type 'Txt'"):
        Org.from_metadata(root)


def test_if_modified_since_answers_304_until_the_schema_is_newer(salesforce):
    first = salesforce.call("GET", "sobjects/Account/describe")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    again = salesforce.call("GET", "sobjects/Account/describe", headers=since)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    old = {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:01 GMT"}
    assert salesforce.call("GET", "sobjects/Account/describe", headers=old).status_code == 200
    assert salesforce.call("GET", "sobjects/Account/describe", headers={"If-Modified-Since": "?"}).status_code == 200


def test_the_global_list_has_every_object_with_its_prefix(salesforce):
    answer = salesforce.call("GET", "sobjects").json()
    assert (answer["encoding"], answer["maxBatchSize"]) == ("UTF-8", 200)
    prefixes = {one["name"]: one["keyPrefix"] for one in answer["sobjects"]}
    assert prefixes["Account"] == "001"
    assert prefixes["Invoice__c"] == "a00"
    assert len(set(prefixes.values())) == len(prefixes)


def test_an_unknown_object_has_no_describe(salesforce):
    answer = salesforce.call("GET", "sobjects/Nope__c/describe")
    body = [{"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}]
    assert (answer.status_code, answer.json()) == (404, body)


def test_children_are_listed_with_what_a_delete_does(salesforce):
    children = salesforce.call("GET", "sobjects/Invoice__c/describe").json()["childRelationships"]
    assert [(one["childSObject"], one["relationshipName"], one["cascadeDelete"]) for one in children] == [
        ("Line__c", "Lines__r", True),
        ("Memo__c", "Memos__r", True),
    ]


def test_a_field_that_loses_its_field_level_security_is_gone_for_describe_and_writes(salesforce):
    first = salesforce.call("GET", "sobjects/Account/describe")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}

    salesforce.admin("POST", "schema", {"sobject": "Account", "field": "Phone", "visible": False})

    again = salesforce.call("GET", "sobjects/Account/describe", headers=since)
    assert again.status_code == 200
    assert [name for name in ("Phone", "Website") if name in fields_of(salesforce, "Account")] == ["Website"]
    refused = salesforce.send_rows("Account", "Ext__c", [{"Ext__c": "1", "Name": "A", "Phone": "1"}])
    assert "No such column 'Phone' on sobject of type Account" in refused.text
    salesforce.admin("POST", "schema", {"sobject": "Account", "field": "Phone", "visible": True})
    assert "Phone" in fields_of(salesforce, "Account")
    moved = salesforce.call("GET", "sobjects/Account/describe").headers["Last-Modified"]
    assert moved != again.headers["Last-Modified"] != first.headers["Last-Modified"]


def test_a_change_of_rights_can_also_leave_last_modified_as_it_was(salesforce):
    first = salesforce.call("GET", "sobjects/Account/describe")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}

    salesforce.admin("POST", "schema", {"sobject": "Account", "field": "Phone", "visible": False, "stamped": False})

    assert salesforce.call("GET", "sobjects/Account/describe", headers=since).status_code == 304
    assert "Phone" not in fields_of(salesforce, "Account")


def test_facts_of_fields_and_objects_are_changed_for_describe_and_writes(salesforce):
    changes = [
        {"sobject": "Account", "field": "Ext__c", "facts": {"length": 3}},
        {"sobject": "Invoice__c", "field": "Status__c", "facts": {"values": ["Paid"], "updateable": False}},
        {"sobject": "Contact", "facts": {"createable": False}},
        {"sobject": "Memo__c", "visible": False},
    ]
    salesforce.admin("POST", "schema", changes)

    assert fields_of(salesforce, "Account")["Ext__c"]["length"] == 3
    assert salesforce.refusal("Account", Name="A", Ext__c="1234")[0] == "STRING_TOO_LONG"
    status = fields_of(salesforce, "Invoice__c")["Status__c"]
    assert ([one["value"] for one in status["picklistValues"]], status["updateable"]) == (["Paid"], False)
    assert salesforce.call("GET", "sobjects/Contact/describe").json()["createable"] is False
    assert salesforce.call("GET", "sobjects/Memo__c/describe").status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sobject": "Nope__c"}, "never granted Nope__c"),
        ({"sobject": "Account", "field": "Nope__c"}, "never granted Account.Nope__c"),
        ({"sobject": "Account", "field": "Phone", "facts": {"lenght": 3}}, "no such facts"),
    ],
)
def test_a_change_that_names_nothing_is_told(salesforce, change, words):
    answer = salesforce.http.post(f"{salesforce.url}/_admin/schema", json=change)
    assert answer.status_code == 400
    assert words in answer.json()["error"]
