"""What goes into a field, what comes out, and how a wrong value is refused."""

import pytest


def stored(salesforce, field, value):
    """What a field of a fresh invoice holds after `value` was written."""
    (result,) = salesforce.upsert("Invoice__c", "Ext__c", {"Ext__c": "V1", field: value})
    assert result["success"], result
    return salesforce.read("Invoice__c", result["id"])[field]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("Note__c", "x" * 255, "x" * 255),
        ("Note__c", 'quotes " and\nlines', 'quotes " and\nlines'),
        ("Note__c", 99, "99"),
        ("Note__c", True, "true"),
        ("Note__c", "", None),
        ("Note__c", "  ", None),
        ("Note__c", None, None),
        ("Total__c", 12.5, 12.5),
        ("Total__c", "12.5", 12.5),
        ("Total__c", "1e2", 100.0),
        ("Total__c", 5, 5.0),
        ("Total__c", 1.005, 1.01),
        ("Total__c", "-1.005", -1.01),
        ("Total__c", 99999999.99, 99999999.99),
        ("Ratio__c", 5, 5.0),
        ("Weight__c", None, None),
        ("Paid__c", True, True),
        ("Paid__c", "true", True),
        ("Paid__c", "false", False),
        ("Due__c", "2024-02-29", "2024-02-29"),
        ("Sent__c", "2026-01-01T10:00:00Z", "2026-01-01T10:00:00.000+0000"),
        ("Sent__c", "2026-01-01T10:00:00+02:00", "2026-01-01T08:00:00.000+0000"),
        ("Sent__c", "2026-01-01T10:00:00.500+0000", "2026-01-01T10:00:00.500+0000"),
        ("Sent__c", "2026-01-01T10:00:00", "2026-01-01T10:00:00.000+0000"),
        ("Status__c", "PAID", "Paid"),
        ("Kind__c", "Typo", "Typo"),
        ("Tags__c", "green;RED;green", "green;red"),
        ("Mail__c", "ada.b+x@mail.example.com", "ada.b+x@mail.example.com"),
        ("Call__c", "any text", "any text"),
        ("Link__c", "no scheme", "no scheme"),
    ],
)
def test_a_value_that_fits_is_stored(salesforce, field, value, expected):
    assert stored(salesforce, field, value) == expected


@pytest.mark.parametrize(
    ("field", "value", "code", "message"),
    [
        ("Note__c", "x" * 256, "STRING_TOO_LONG", f"Note: data value too large: {'x' * 256} (max length=255)"),
        ("Note__c", "😀" * 128, "STRING_TOO_LONG", f"Note: data value too large: {'😀' * 128} (max length=255)"),
        ("Story__c", "x" * 1001, "STRING_TOO_LONG", f"Story: data value too large: {'x' * 1001} (max length=1000)"),
        ("Call__c", "1" * 41, "STRING_TOO_LONG", f"Call: data value too large: {'1' * 41} (max length=40)"),
        ("Link__c", "h" * 256, "STRING_TOO_LONG", f"Link: data value too large: {'h' * 256} (max length=255)"),
        ("Kind__c", "k" * 256, "STRING_TOO_LONG", f"Kind: data value too large: {'k' * 256} (max length=255)"),
        (
            "Total__c",
            100000000,
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Total: value outside of valid range on numeric field: 100000000",
        ),
        ("Ratio__c", 1000, "NUMBER_OUTSIDE_VALID_RANGE", "Ratio: value outside of valid range on numeric field: 1000"),
        ("Paid__c", None, "INVALID_TYPE_ON_FIELD_IN_RECORD", "Paid Flag: value not of required type: "),
        (
            "Status__c",
            "late",
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Status: bad value for restricted picklist field: late",
        ),
        (
            "Tags__c",
            "red;blue",
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Tags: bad value for restricted picklist field: blue",
        ),
        ("Mail__c", "bad@", "INVALID_EMAIL_ADDRESS", "Mail: invalid email address: bad@"),
        ("Mail__c", "a b@c.de", "INVALID_EMAIL_ADDRESS", "Mail: invalid email address: a b@c.de"),
        (
            "Due__c",
            "1699-12-31",
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Due: value outside of valid range on numeric field: 1699-12-31",
        ),
    ],
)
def test_a_value_that_does_not_fit_refuses_its_row_with_the_label(salesforce, field, value, code, message):
    assert salesforce.refusal("Invoice__c", **{field: value}) == (code, message, [field])


@pytest.mark.parametrize(
    ("field", "value", "start"),
    [
        ("Note__c", {"a": 1}, "Cannot deserialize instance of string from START_OBJECT"),
        ("Note__c", [1], "Cannot deserialize instance of string from START_ARRAY"),
        ("Total__c", "$1,200", "Cannot deserialize instance of currency from VALUE_STRING value $1,200"),
        ("Total__c", "", "Cannot deserialize instance of currency from VALUE_STRING value "),
        ("Weight__c", "forty", "Cannot deserialize instance of double from VALUE_STRING value forty"),
        ("Weight__c", True, "Cannot deserialize instance of double from VALUE_TRUE value true"),
        ("Ratio__c", "5%", "Cannot deserialize instance of percent from VALUE_STRING value 5%"),
        ("Paid__c", "FALSE", "Cannot deserialize instance of boolean from VALUE_STRING value FALSE"),
        ("Paid__c", 1, "Cannot deserialize instance of boolean from VALUE_NUMBER_INT value 1"),
        ("Due__c", "01/02/2026", "Cannot deserialize instance of date from VALUE_STRING value 01/02/2026"),
        ("Due__c", "2026-02-30", "Cannot deserialize instance of date from VALUE_STRING value 2026-02-30"),
        (
            "Due__c",
            "2026-01-01T00:00:00Z",
            "Cannot deserialize instance of date from VALUE_STRING value 2026-01-01T00:",
        ),
        (
            "Sent__c",
            "2017-10-17 00:00:00",
            "Cannot deserialize instance of datetime from VALUE_STRING value 2017-10-17 00:00:00",
        ),
        (
            "Sent__c",
            "2026-01-01T25:00:00Z",
            "Cannot deserialize instance of datetime from VALUE_STRING value 2026-01-01T",
        ),
        ("Sent__c", 1700000000, "Cannot deserialize instance of datetime from VALUE_NUMBER_INT value 1700000000"),
    ],
)
def test_a_value_of_the_wrong_type_refuses_the_call(salesforce, field, value, start):
    answer = salesforce.send_rows("Invoice__c", "Ext__c", [{"Ext__c": "1", field: value}])
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")
    message = answer.json()[0]["message"]
    assert message.startswith(start)
    assert " or request may be missing a required field at [line:1, column:" in message
    assert "fields" not in answer.json()[0]


@pytest.mark.parametrize(("value", "expected"), [(31, 31), ("31", 31), ("-7", -7)])
def test_whole_numbers_are_taken_as_numbers_and_as_text(salesforce, value, expected):
    made = salesforce.create("Account", Name="A", NumberOfEmployees=value)
    assert salesforce.read("Account", made)["NumberOfEmployees"] == expected


@pytest.mark.parametrize("value", ["forty", 1.5, "1.5", True])
def test_what_is_no_whole_number_is_a_parser_error(salesforce, value):
    answer = salesforce.call("POST", "sobjects/Account", json={"Name": "A", "NumberOfEmployees": value})
    assert answer.status_code == 400
    assert answer.json()[0]["message"].startswith("Cannot deserialize instance of int from VALUE_")


def test_too_many_digits_for_a_whole_number_are_out_of_range(salesforce):
    (result,) = salesforce.upsert("Account", "Ext__c", {"Ext__c": "1", "Name": "A", "NumberOfEmployees": 123456789})
    assert result["errors"][0]["statusCode"] == "NUMBER_OUTSIDE_VALID_RANGE"


def test_every_bad_value_of_a_row_is_reported(salesforce):
    (result,) = salesforce.upsert("Invoice__c", "Ext__c", {"Ext__c": "1", "Mail__c": "x", "Status__c": "y"})
    codes = [error["statusCode"] for error in result["errors"]]
    assert codes == ["INVALID_EMAIL_ADDRESS", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"]


def test_fields_that_no_one_writes_are_named_together(salesforce):
    (result,) = salesforce.upsert("Invoice__c", "Ext__c", {"Ext__c": "1", "Name": "x", "CreatedDate": None})
    message = (
        "Unable to create/update fields: Name, CreatedDate. Please check the security settings of this field "
        "and verify that it is read/write for your profile or permission set."
    )
    error = {"statusCode": "INVALID_FIELD_FOR_INSERT_UPDATE", "message": message, "fields": ["Name", "CreatedDate"]}
    assert result["errors"] == [error]


def test_addresses_are_written_by_their_parts_and_read_whole(salesforce):
    made = salesforce.create("Account", Name="A", BillingCity="Graz", BillingPostalCode="8010")
    assert salesforce.read("Account", made)["BillingAddress"]["city"] == "Graz"
    code, _, fields = salesforce.refusal("Account", Name="A", BillingAddress={"city": "Wien"})
    assert (code, fields) == ("INVALID_FIELD_FOR_INSERT_UPDATE", ["BillingAddress"])


def test_required_fields_are_needed_at_insert_and_never_null(salesforce):
    invoice = salesforce.create("Invoice__c", Ext__c="1")
    code, message, fields = salesforce.refusal("Line__c", Name="x")
    expected = ("REQUIRED_FIELD_MISSING", "Required fields are missing: [Invoice__c, Needed__c]")
    assert (code, message) == expected
    assert fields == ["Invoice__c", "Needed__c"]
    line = salesforce.create("Line__c", Invoice__c=invoice, Needed__c="y")
    answer = salesforce.call("PATCH", f"sobjects/Line__c/{line}", json={"Needed__c": None})
    assert answer.json()[0]["message"] == "Required fields are missing: [Needed__c]"
    assert salesforce.call("PATCH", f"sobjects/Line__c/{line}", json={"Ext__c": "z"}).status_code == 204


def test_a_unique_value_that_another_row_holds_is_duplicate_value(salesforce):
    made = salesforce.create("Account", Name="A", Twin__c="One")
    code, message, fields = salesforce.refusal("Account", Name="B", Twin__c="ONE")
    assert code == "DUPLICATE_VALUE"
    assert message == f"duplicate value found: Twin__c duplicates value on record with id: {made[:15]}"
    assert fields == []
    assert salesforce.call("PATCH", f"sobjects/Account/{made}", json={"Twin__c": "one"}).status_code == 204


def test_defaults_fill_what_was_not_given(salesforce):
    made = salesforce.create("Invoice__c")
    row = salesforce.read("Invoice__c", made)
    assert row["Paid__c"] is False
    assert row["Name"] == "INV-0001"
    assert row["OwnerId"].startswith("005")
    nameless = salesforce.create("Memo__c", Invoice__c=made)
    assert salesforce.read("Memo__c", nameless)["Name"] == nameless[:15]
