"""What an org would refuse in the recommended schema, checked on the XML alone."""

import json
import re
from collections import Counter

STANDARD = {"Account", "Contact", "Product2"}
# Standard fields under field-level security; the parts of an address are granted through the compound field, and
# required fields, names and Product2.IsActive are always visible and must not be listed.
STANDARD_FIELDS = {
    "Account.BillingAddress",
    "Account.ParentId",
    "Account.Phone",
    "Account.ShippingAddress",
    "Contact.AccountId",
    "Contact.Email",
    "Contact.Phone",
    "Contact.Title",
    "Product2.Description",
    "Product2.ProductCode",
}
NEEDS = {
    "Text": {"length"},
    "LongTextArea": {"length", "visibleLines"},
    "Number": {"precision", "scale"},
    "Currency": {"precision", "scale"},
    "Checkbox": {"defaultValue"},
    "Picklist": {"valueSet"},
    "Lookup": {"referenceTo", "relationshipName", "deleteConstraint"},
    "MasterDetail": {"referenceTo", "relationshipName", "relationshipOrder"},
    "Date": set(),
    "DateTime": set(),
    "Url": set(),
}
DEVELOPER_NAME = re.compile(r"[A-Za-z](?!.*__)[A-Za-z0-9_]{0,38}[A-Za-z0-9]\Z")


def repeated(names):
    return [name for name, times in Counter(names).items() if times > 1]


def of_type(fields, *types):
    return [field for field in fields if field["type"] in types]


def test_the_project_file_names_the_folder_and_the_api_version(project):
    said = json.loads(project.read_text())
    assert said["sourceApiVersion"] == "67.0"
    assert [(project.parent / each["path"]).is_dir() for each in said["packageDirectories"]] == [True]


def test_every_file_is_named_like_what_it_declares(fields, objects):
    assert [field.path for field in fields if field["fullName"] != field.stem] == []
    assert [each.path for each in objects if each.stem != each.sobject] == []


def test_every_custom_object_has_a_file_of_its_own_and_standard_ones_have_none(fields, objects):
    assert {field.sobject for field in fields} - STANDARD == {each.sobject for each in objects}


def test_names_are_developer_names(fields, objects):
    names = [part.stem.removesuffix("__c") for part in (*fields, *objects)]
    assert [name for name in names if not DEVELOPER_NAME.match(name)] == []
    assert [part.stem for part in (*fields, *objects) if not part.stem.endswith("__c")] == []


def test_fields_on_standard_objects_cannot_meet_those_of_the_org(fields):
    added = [field for field in fields if field.sobject in STANDARD]
    assert [field.stem for field in added if not field.stem.startswith("ChargeOver_")] == []


def test_every_field_says_all_that_its_type_needs(fields):
    assert [field.path for field in fields if field["type"] not in NEEDS] == []
    assert [field.path for field in fields if not NEEDS[field["type"]] <= set(field.tags)] == []


def test_no_element_stands_twice_in_a_field(fields):
    assert [(field.path, repeated(field.tags)) for field in fields if repeated(field.tags)] == []


def test_labels_and_help_are_there_and_short_enough(fields, objects):
    assert [part.path for part in (*fields, *objects) if not 0 < len(part["label"]) <= 40] == []
    assert [field.path for field in fields if not 0 < len(field["inlineHelpText"]) <= 510] == []
    assert [part.path for part in (*fields, *objects) if len(part["description"]) > 1000] == []


def test_labels_are_unique_within_an_object(fields):
    assert repeated((field.sobject, field["label"]) for field in fields) == []


def test_lengths_and_precisions_are_within_the_limits(fields):
    assert [field.path for field in of_type(fields, "Text") if not 1 <= int(field["length"]) <= 255] == []
    assert [field.path for field in of_type(fields, "LongTextArea") if not 256 <= int(field["length"]) <= 131072] == []
    numbers = of_type(fields, "Number", "Currency")
    assert [field.path for field in numbers if not 0 <= int(field["scale"]) <= int(field["precision"]) <= 18] == []


def test_types_that_cannot_be_required_do_not_say_required(fields):
    silent = of_type(fields, "LongTextArea", "Checkbox", "MasterDetail")
    assert [field.path for field in silent if "required" in field.tags] == []


def test_relationship_names_are_unique_below_their_parent(fields):
    related = of_type(fields, "Lookup", "MasterDetail")
    assert repeated((field["referenceTo"], field["relationshipName"]) for field in related) == []
    assert [field.path for field in related if not DEVELOPER_NAME.match(field["relationshipName"])] == []
    assert [field.path for field in related if len(field["relationshipLabel"]) > 80] == []


def test_lookups_point_at_objects_that_exist(fields, objects):
    known = STANDARD | {each.sobject for each in objects}
    assert {field["referenceTo"] for field in of_type(fields, "Lookup", "MasterDetail")} <= known


def test_picklist_values_are_unique_and_fit(fields):
    values = "valueSet/valueSetDefinition/value/fullName"
    picklists = of_type(fields, "Picklist")
    assert [field.path for field in picklists if not field.every(values) or repeated(field.every(values))] == []
    assert [field.path for field in picklists if field["valueSet/restricted"] not in {"true", "false"}] == []
    assert [value for field in picklists for value in field.every(values) if len(value) > 255] == []


def test_every_object_has_one_unique_external_id(fields, objects):
    keys = [field for field in fields if field["externalId"] == "true"]
    assert {field.stem for field in keys} == {"ChargeOver_Id__c"}
    assert sorted(field.sobject for field in keys) == sorted(STANDARD | {each.sobject for each in objects})
    assert {(field["unique"], field["caseSensitive"], field["type"]) for field in keys} == {("true", "false", "Text")}


def test_an_amount_never_stands_without_its_currency(fields):
    money = {field.sobject for field in of_type(fields, "Currency")}
    codes = [field for field in fields if field.stem in {"Currency_Code__c", "ChargeOver_Currency_Code__c"}]
    assert money <= {field.sobject for field in codes}
    assert {(field["type"], field["length"]) for field in codes} == {("Text", "3")}


def test_details_are_controlled_by_their_parent_and_only_they_are(fields, objects):
    details = {field.sobject for field in of_type(fields, "MasterDetail")}
    assert {each.sobject for each in objects if each["sharingModel"] == "ControlledByParent"} == details
    assert repeated(field.sobject for field in of_type(fields, "MasterDetail")) == []


def test_a_detail_can_be_updated_by_an_upsert_that_names_its_master(fields):
    assert {field["reparentableMasterDetail"] for field in of_type(fields, "MasterDetail")} == {"true"}


def test_every_object_is_deployed_and_named_by_text(objects):
    assert {each["deploymentStatus"] for each in objects} == {"Deployed"}
    assert {each["nameField/type"] for each in objects} == {"Text"}
    assert [each.path for each in objects if not each["pluralLabel"] or not each["nameField/label"]] == []


def test_bulk_sharing_and_streaming_are_switched_together(objects):
    switches = ("enableBulkApi", "enableSharing", "enableStreamingApi")
    assert {tuple(each[switch] for switch in switches) for each in objects} == {("true", "true", "true")}


def test_the_permission_set_grants_every_field_that_can_be_granted(fields, permission_set):
    free = [field for field in fields if field["type"] != "MasterDetail" and field["required"] != "true"]
    granted = permission_set.every("fieldPermissions/field")
    assert sorted(granted) == sorted(STANDARD_FIELDS | {f"{field.sobject}.{field.stem}" for field in free})
    grants = permission_set.groups("fieldPermissions")
    assert {(each["readable"], each["editable"]) for each in grants} == {("true", "true")}


def test_the_permission_set_grants_every_object_and_deletes_only_what_the_sync_deletes(fields, objects, permission_set):
    grants = {each["object"]: each for each in permission_set.groups("objectPermissions")}
    assert sorted(grants) == sorted(STANDARD | {each.sobject for each in objects})
    assert {(each["allowRead"], each["allowCreate"], each["allowEdit"]) for each in grants.values()} == {("true",) * 3}
    details = {field.sobject for field in of_type(fields, "MasterDetail")}
    methods = {"ChargeOver_Credit_Card__c", "ChargeOver_Bank_Account__c"}
    assert {name for name, each in grants.items() if each["allowDelete"] == "true"} == details | methods


def test_rights_over_all_records_come_with_the_rights_they_need(permission_set):
    grants = permission_set.groups("objectPermissions")
    over_all = [each for each in grants if each["modifyAllRecords"] == "true"]
    assert [each["object"] for each in over_all if "false" in (each["allowDelete"], each["viewAllRecords"])] == []


def test_payment_methods_have_no_field_for_a_number_or_a_token(fields):
    methods = [field.stem for field in fields if field.sobject.endswith(("Credit_Card__c", "Bank_Account__c"))]
    numbers = [name for name in methods if re.search("number|token|routing|cvv", name, re.IGNORECASE)]
    assert set(numbers) == {"Masked_Number__c"}
