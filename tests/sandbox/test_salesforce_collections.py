"""Up to 200 rows per call."""

import pytest

from sandbox.salesforce import Org, app


def test_results_stand_in_request_order_with_created(salesforce):
    salesforce.create("Account", Name="B", Ext__c="b")
    results = salesforce.upsert("Account", "Ext__c", *({"Ext__c": key, "Name": key} for key in "abc"))
    assert [row["created"] for row in results] == [True, False, True]
    assert [set(row) for row in results] == [{"id", "success", "errors", "created"}] * 3
    assert [salesforce.read("Account", row["id"])["Ext__c"] for row in results] == ["a", "b", "c"]


def test_a_failed_row_has_neither_id_nor_created_and_stops_only_itself(salesforce):
    results = salesforce.upsert("Account", "Ext__c", {"Ext__c": "1"}, {"Ext__c": "2", "Name": "B"})
    error = {"statusCode": "REQUIRED_FIELD_MISSING", "message": "Required fields are missing: [Name]"}
    assert results[0] == {"success": False, "errors": [{**error, "fields": ["Name"]}]}
    assert results[1]["success"] is True


def test_http_200_even_if_every_row_failed(salesforce):
    answer = salesforce.send_rows("Account", "Ext__c", [{"Ext__c": "1"}, {"Ext__c": "2"}])
    assert answer.status_code == 200
    assert not any(row["success"] for row in answer.json())


def test_201_rows_are_400_exceeded_id_limit(salesforce):
    answer = salesforce.send_rows("Account", "Ext__c", [{"Ext__c": str(n), "Name": "A"} for n in range(201)])
    assert answer.status_code == 400
    message = "record limit reached. cannot submit more than 200 records into this call"
    assert answer.json() == [{"message": message, "errorCode": "EXCEEDED_ID_LIMIT"}]
    assert salesforce.query("SELECT COUNT() FROM Account")["totalSize"] == 0


def test_the_same_key_twice_fails_every_such_row_naming_it_in_lower_case(salesforce):
    rows = [{"Ext__c": key, "Name": key} for key in ("AAA", "bbb", "aaa")]
    results = salesforce.upsert("Account", "Ext__c", *rows)
    message = "Duplicate external id specified: aaa"
    error = {"statusCode": "DUPLICATE_VALUE", "message": message, "fields": ["Ext__c"]}
    assert results[0]["errors"] == results[2]["errors"] == [error]
    assert results[1]["success"] is True
    assert salesforce.names("SELECT Name FROM Account") == ["bbb"]


def test_case_sensitive_keys_that_differ_in_case_are_two_rows(salesforce):
    rows = [{"Code__c": key, "Name": key} for key in ("AAA", "aaa", "aaa")]
    results = salesforce.upsert("Account", "Code__c", *rows)
    assert [row["success"] for row in results] == [True, False, False]
    assert results[1]["errors"][0]["message"] == "Duplicate external id specified: aaa"


def test_number_keys_compare_as_numbers(salesforce):
    results = salesforce.upsert("Invoice__c", "Number__c", {"Number__c": 7}, {"Number__c": "7"})
    assert {row["errors"][0]["message"] for row in results} == {"Duplicate external id specified: 7"}


def test_a_key_that_two_records_hold_is_duplicate_external_id(salesforce):
    ids = [salesforce.create("Account", Name=name, Loose__c="same") for name in "AB"]
    (result,) = salesforce.upsert("Account", "Loose__c", {"Loose__c": "same", "Name": "C"})
    message = f"Loose: more than one record found for external id field: [{ids[0]}, {ids[1]}]"
    error = {"statusCode": "DUPLICATE_EXTERNAL_ID", "message": message, "fields": ["Loose__c"]}
    assert result["errors"] == [error]


def test_a_row_without_its_key_is_refused(salesforce):
    for row in ({"Name": "A"}, {"Name": "A", "Ext__c": None}, {"Name": "A", "Ext__c": ""}):
        (result,) = salesforce.upsert("Account", "Ext__c", row)
        assert result["errors"][0]["statusCode"] == "MISSING_ARGUMENT"


def test_a_value_of_the_wrong_json_type_refuses_the_whole_call(salesforce):
    rows = [{"Ext__c": "1", "Paid__c": True}, {"Ext__c": "2", "Paid__c": "FALSE"}]
    answer = salesforce.send_rows("Invoice__c", "Ext__c", rows)
    assert answer.status_code == 400
    (error,) = answer.json()
    assert error["errorCode"] == "JSON_PARSER_ERROR"
    column = answer.request.body.index(b'"FALSE"') + 1
    assert error["message"] == (
        "Cannot deserialize instance of boolean from VALUE_STRING value FALSE "
        f"or request may be missing a required field at [line:1, column:{column}]"
    )
    assert salesforce.query("SELECT COUNT() FROM Invoice__c")["totalSize"] == 0


def test_an_unknown_field_refuses_the_whole_call_by_default(salesforce):
    rows = [{"Ext__c": "1", "Name": "A"}, {"Ext__c": "2", "Name": "B", "Hidden__c": "x"}]
    answer = salesforce.send_rows("Account", "Ext__c", rows)
    assert answer.status_code == 400
    message = "No such column 'Hidden__c' on sobject of type Account"
    assert answer.json() == [{"message": message, "errorCode": "INVALID_FIELD"}]
    assert salesforce.query("SELECT COUNT() FROM Account")["totalSize"] == 0


def test_an_unknown_field_can_be_made_to_refuse_only_its_row(salesforce, stage, schema_folder):
    stage.app = app(Org.from_metadata(schema_folder, unknown_field_fails="row"))
    salesforce.log_in()
    rows = [{"Ext__c": "1", "Name": "A"}, {"Ext__c": "2", "Name": "B", "Foo": "x"}]
    results = salesforce.upsert("Account", "Ext__c", *rows)
    assert [row["success"] for row in results] == [True, False]
    assert results[1]["errors"][0]["statusCode"] == "INVALID_FIELD"


def test_another_type_than_that_of_the_url_is_refused(salesforce):
    records = [{"attributes": {"type": "Contact"}, "LastName": "A"}]
    answer = salesforce.call("PATCH", "composite/sobjects/Account/Ext__c", json={"records": records})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_TYPE")


def test_all_or_none_takes_the_good_rows_back(salesforce):
    salesforce.create("Account", Name="old", Ext__c="2")
    rows = [{"Ext__c": "1", "Name": "A"}, {"Ext__c": "2", "Name": "new"}, {"Ext__c": "3"}]
    results = salesforce.upsert("Account", "Ext__c", *rows, allOrNone=True)
    message = "Record rolled back because not all records were valid and the request was using AllOrNone header"
    error = {"statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK", "message": message, "fields": []}
    assert [row["errors"][0] for row in results[:2]] == [error, error]
    assert all(len(row["id"]) == 18 and row["success"] is False for row in results[:2])
    assert results[2]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert salesforce.names("SELECT Name FROM Account") == ["old"]
    assert salesforce.call("GET", "sobjects/Account/Ext__c/1").status_code == 404


def test_id_as_the_key_creates_for_null_and_updates_for_an_id(salesforce):
    made = salesforce.create("Account", Name="A")
    results = salesforce.upsert("Account", "Id", {"Id": None, "Name": "B"}, {"Id": made[:15], "Name": "C"})
    assert [row["created"] for row in results] == [True, False]
    assert results[1]["id"] == made


def test_create_takes_several_types_and_omits_created(salesforce):
    records = [{"attributes": {"type": "Account"}, "Name": "A"}, {"attributes": {"type": "Contact"}, "LastName": "B"}]
    results = salesforce.call("POST", "composite/sobjects", json={"records": records}).json()
    assert [set(row) for row in results] == [{"id", "success", "errors"}] * 2
    assert [row["id"][:3] for row in results] == ["001", "003"]


def test_more_than_ten_changes_of_type_are_refused(salesforce):
    kinds = ["Account", "Contact"] * 6
    records = [{"attributes": {"type": kind}, "Name": "A"} for kind in kinds]
    answer = salesforce.call("POST", "composite/sobjects", json={"records": records})
    assert answer.status_code == 400
    assert answer.json()[0]["message"] == (
        "Cannot have more than 10 chunks in a single operation. Please rearrange the data to reduce chunking."
    )


def test_update_goes_by_id_and_omits_created(salesforce):
    made = salesforce.create("Account", Name="A")
    other = salesforce.create("Contact", LastName="B")
    records = [{"attributes": {"type": "Account"}, "Id": record_id, "Name": "N"} for record_id in (made, other, "x")]
    results = salesforce.call("PATCH", "composite/sobjects", json={"records": records}).json()
    assert results[0] == {"id": made, "success": True, "errors": []}
    message = f"Account ID: id value of incorrect type: {other}"
    assert results[1]["errors"] == [{"statusCode": "MALFORMED_ID", "message": message, "fields": ["Id"]}]
    assert results[2]["errors"][0] == {"statusCode": "MALFORMED_ID", "message": "malformed id x", "fields": ["Id"]}


def test_delete_names_what_is_gone_wrong_or_unknown(salesforce):
    first, second = (salesforce.create("Account", Name=name) for name in "AB")
    salesforce.call("DELETE", f"sobjects/Account/{second}")
    never = first[:14] + "z"
    ids = ",".join([first, second, never, "x"])
    results = salesforce.call("DELETE", "composite/sobjects", params={"ids": ids, "allOrNone": "false"}).json()
    assert results[0] == {"id": first, "success": True, "errors": []}
    codes = [row["errors"][0]["statusCode"] for row in results[1:]]
    assert codes == ["ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "MALFORMED_ID"]


def test_updating_a_deleted_row_is_entity_is_deleted(salesforce):
    made = salesforce.create("Account", Name="A")
    salesforce.call("DELETE", f"sobjects/Account/{made}")
    (result,) = salesforce.upsert("Account", "Id", {"Id": made, "Name": "B"})
    assert result["errors"] == [{"statusCode": "ENTITY_IS_DELETED", "message": "entity is deleted", "fields": []}]


@pytest.mark.parametrize(
    "body", ['{"records": [', '{"records": [{"attributes": {"type": "Account"}, "X": NaN}]}', "[]"]
)
def test_broken_json_is_400_json_parser_error(salesforce, body):
    headers = {"Content-Type": "application/json"}
    answer = salesforce.call("PATCH", "composite/sobjects/Account/Ext__c", data=body, headers=headers)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")


def test_a_body_that_is_not_json_is_415(salesforce):
    headers = {"Content-Type": "text/csv"}
    answer = salesforce.call("PATCH", "composite/sobjects/Account/Ext__c", data="a", headers=headers)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
