"""Several subrequests in one call."""

from salesforce_desk import part, rows_part

HALTED = [
    {
        "errorCode": "PROCESSING_HALTED",
        "message": "The transaction was rolled back since another operation in the same transaction failed.",
    }
]


def test_a_customer_with_invoice_and_line_is_one_call(salesforce):
    used = salesforce.admin("GET", "state")["api_usage"]["used"]
    account = [{"Ext__c": "c1", "Name": "Ada"}]
    invoice = [{"Ext__c": "i1", "Account__r": {"Ext__c": "c1"}, "Total__c": 5}]
    line = [{"Ext__c": "l1", "Invoice__r": {"Ext__c": "i1"}, "Needed__c": "n"}]
    results = salesforce.composite(
        rows_part("Account", "Ext__c", "a", account),
        rows_part("Invoice__c", "Ext__c", "b", invoice),
        rows_part("Line__c", "Ext__c", "c", line),
        allOrNone=False,
    )
    assert [(one["httpStatusCode"], one["referenceId"], one["httpHeaders"]) for one in results] == [
        (200, "a", {}),
        (200, "b", {}),
        (200, "c", {}),
    ]
    assert all(one["body"][0]["success"] for one in results)
    found = salesforce.query("SELECT Invoice__r.Account__r.Name FROM Line__c")["records"]
    assert found[0]["Invoice__r"]["Account__r"]["Name"] == "Ada"
    assert salesforce.admin("GET", "state")["api_usage"]["used"] == used + 2


def test_rows_of_one_collection_do_not_see_each_other_but_earlier_collections_do(salesforce):
    rows = [{"Ext__c": "p", "Name": "P"}, {"Ext__c": "k", "Name": "K", "Parent": {"Ext__c": "p"}}]
    first, second = salesforce.composite(
        rows_part("Account", "Ext__c", "one", rows), rows_part("Account", "Ext__c", "two", rows[1:])
    )
    error = first["body"][1]["errors"][0]
    assert error["message"] == "Foreign key external ID: p not found for field Ext__c in entity Account"
    assert second["body"][0]["success"] is True


def test_references_fill_bodies_and_addresses(salesforce):
    results = salesforce.composite(
        part("POST", "sobjects/Account", "acc", {"Name": "A"}),
        part("POST", "sobjects/Contact", "con", {"LastName": "C", "AccountId": "@{acc.id}"}),
        part("GET", "sobjects/Contact/@{con.id}?fields=AccountId", "get"),
        part("GET", "query?q=SELECT Id FROM Account", "found"),
        part("PATCH", "sobjects/Account/@{found.records[0].Id}", "set", {"Phone": "1"}),
    )
    assert [one["httpStatusCode"] for one in results] == [201, 201, 200, 200, 204]
    assert results[2]["body"]["AccountId"] == results[0]["body"]["id"]
    assert results[4]["body"] is None


def test_a_reference_to_a_failed_subrequest_halts_only_its_user(salesforce):
    results = salesforce.composite(
        part("POST", "sobjects/Account", "acc", {}),
        part("POST", "sobjects/Contact", "con", {"LastName": "C", "AccountId": "@{acc.id}"}),
        part("POST", "sobjects/Account", "other", {"Name": "A"}),
    )
    assert [one["httpStatusCode"] for one in results] == [400, 400, 201]
    assert results[0]["body"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert results[1]["body"][0]["errorCode"] == "PROCESSING_HALTED"


def test_all_or_none_takes_everything_back_and_halts_the_others(salesforce):
    results = salesforce.composite(
        part("POST", "sobjects/Account", "a", {"Name": "A"}),
        rows_part("Invoice__c", "Ext__c", "b", [{"Ext__c": "1", "Account__r": {"Ext__c": "nobody"}}]),
        part("POST", "sobjects/Account", "c", {"Name": "C"}),
        allOrNone=True,
    )
    assert (results[0]["httpStatusCode"], results[0]["body"]) == (400, HALTED)
    assert (results[2]["httpStatusCode"], results[2]["body"]) == (400, HALTED)
    assert results[1]["body"][0]["errors"][0]["statusCode"] == "INVALID_FIELD"
    assert salesforce.query("SELECT COUNT() FROM Account")["totalSize"] == 0


def test_nothing_is_tried_after_the_first_failure_of_all_or_none(salesforce):
    results = salesforce.composite(
        part("POST", "sobjects/Account", "a", {}), part("POST", "sobjects/Account", "b", {}), allOrNone=True
    )
    assert [one["body"][0]["errorCode"] for one in results] == ["REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"]


def test_a_refused_single_row_inside_shows_the_rest_array(salesforce):
    body = {"Ext__c": "1", "Account__r": {"Ext__c": "0116"}}
    (result,) = salesforce.composite(part("POST", "sobjects/Invoice__c", "refLine", body), allOrNone=True)
    message = "Foreign key external ID: 0116 not found for field Ext__c in entity Account"
    assert result["body"] == [{"message": message, "errorCode": "INVALID_FIELD", "fields": []}]


def test_the_outer_all_or_none_overrules_the_collection(salesforce):
    rows = [{"Ext__c": "1", "Name": "A"}, {"Ext__c": "2"}]
    (result,) = salesforce.composite(rows_part("Account", "Ext__c", "a", rows, allOrNone=False), allOrNone=True)
    codes = [row["errors"][0]["statusCode"] for row in result["body"]]
    assert codes == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"]
    assert salesforce.query("SELECT COUNT() FROM Account")["totalSize"] == 0


def test_a_type_error_refuses_its_collection_alone(salesforce):
    first, second = salesforce.composite(
        rows_part("Invoice__c", "Ext__c", "a", [{"Ext__c": "1", "Due__c": "soon"}]),
        rows_part("Account", "Ext__c", "b", [{"Ext__c": "1", "Name": "A"}]),
    )
    assert (first["httpStatusCode"], first["body"][0]["errorCode"]) == (400, "JSON_PARSER_ERROR")
    assert second["body"][0]["success"] is True


def test_26_subrequests_or_6_collections_are_too_many(salesforce):
    gets = [part("GET", "limits", f"r{n}") for n in range(26)]
    assert salesforce.call("POST", "composite", json={"compositeRequest": gets}).status_code == 400
    assert len(salesforce.composite(*gets[:25])) == 25
    heavy = [rows_part("Account", "Ext__c", f"r{n}", []) for n in range(6)]
    answer = salesforce.call("POST", "composite", json={"compositeRequest": heavy})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "LIMIT_EXCEEDED")
    assert len(salesforce.composite(*heavy[:5])) == 5


def test_reference_ids_are_letters_digits_and_underscores_and_used_once(salesforce):
    answer = salesforce.call("POST", "composite", json={"compositeRequest": [part("GET", "limits", "a-b")]})
    assert answer.status_code == 400
    assert answer.json()[0]["message"] == (
        "Provided referenceId ('a-b') must start with a letter or a number, and it can contain only letters, "
        "numbers and underscores ('_')."
    )
    twice = [part("GET", "limits", "a"), part("GET", "limits", "a")]
    assert salesforce.call("POST", "composite", json={"compositeRequest": twice}).status_code == 400


def test_a_subrequest_for_nothing_known_is_its_own_404(salesforce):
    first, second = salesforce.composite(part("GET", "sobjects/Foo", "a"), {**part("GET", "x", "b"), "url": "/nowhere"})
    body = [{"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}]
    assert (first["httpStatusCode"], first["body"]) == (404, body)
    assert second["httpStatusCode"] == 404


def test_deletes_travel_in_a_composite(salesforce):
    ids = [salesforce.create("Account", Name=name) for name in "AB"]
    results = salesforce.composite(*(part("DELETE", f"sobjects/Account/{one}", f"d{n}") for n, one in enumerate(ids)))
    assert [one["httpStatusCode"] for one in results] == [204, 204]
    again = salesforce.composite(part("DELETE", f"sobjects/Account/{ids[0]}", "d"))
    assert (again[0]["httpStatusCode"], again[0]["body"][0]["errorCode"]) == (404, "ENTITY_IS_DELETED")


def test_a_composite_without_its_list_is_a_parser_error(salesforce):
    for body in ({}, {"compositeRequest": "x"}, {"compositeRequest": [1]}):
        answer = salesforce.call("POST", "composite", json=body)
        assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")
    answer = salesforce.call("POST", "composite", json={"compositeRequest": [{"method": "GET"}]})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_INPUT")
