"""What recorded calls of real orgs showed, asked of the sandbox in the same way."""

from salesforce_desk import part

PEOPLE = ["Lindsay", "Audrey", "Chloe"]


def account_rows(**more):
    return [
        {"attributes": {"type": "Account"}, "CleanStatus": "Pending", "Name": f"Account {n}", **more} for n in range(6)
    ]


def test_six_accounts_are_created_in_one_call_and_counted(salesforce):
    soql = "select count(Id) from Account"
    assert salesforce.query(soql)["records"][0]["expr0"] == 0
    body = {"allOrNone": False, "records": account_rows()}
    results = salesforce.call("POST", "composite/sobjects", json=body).json()
    assert [(row["success"], row["errors"]) for row in results] == [(True, [])] * 6
    answer = salesforce.query(soql)
    expected = {"attributes": {"type": "AggregateResult"}, "expr0": 6}
    assert (answer["totalSize"], answer["done"], answer["records"]) == (1, True, [expected])


def test_a_whole_number_sent_as_text_updates_six_accounts(salesforce):
    made = salesforce.call("POST", "composite/sobjects", json={"records": account_rows()}).json()
    change = {"BillingStreet": "A Street", "Description": "Our favorite", "NumberOfEmployees": "10000"}
    records = [{"attributes": {"type": "Account"}, "Id": row["id"], **change} for row in made]
    results = salesforce.call("PATCH", "composite/sobjects", json={"allOrNone": False, "records": records}).json()
    assert results == [{"id": row["id"], "success": True, "errors": []} for row in made]
    assert salesforce.read("Account", made[0]["id"])["NumberOfEmployees"] == 10000


def test_contacts_upsert_by_email_finds_them_in_other_letters(salesforce):
    rows = [{"FirstName": name, "LastName": "X", "Email": f"{name}.Bluth@example.com"} for name in PEOPLE]
    first = salesforce.upsert("Contact", "Email", *rows)
    assert [row["created"] for row in first] == [True] * 3
    renamed = {"FirstName": "L", "LastName": "Bluth", "Email": "lindsay.bluth@example.com"}
    newcomer = {"FirstName": "A", "LastName": "Bluth", "Email": "annyong.bluth@example.com"}
    again = salesforce.upsert("Contact", "Email", renamed, newcomer)
    assert [row["created"] for row in again] == [False, True]
    assert again[0]["id"] == first[0]["id"]
    found = salesforce.query("select FirstName from Contact")
    assert [one["FirstName"] for one in found["records"]] == ["L", "Audrey", "Chloe", "A"]


def test_upsert_by_id_creates_for_null_and_updates_for_an_id(salesforce):
    rows = [{"FirstName": name, "LastName": "X", "Id": None} for name in PEOPLE]
    first = salesforce.upsert("Contact", "Id", *rows)
    assert [row["created"] for row in first] == [True] * 3
    again = salesforce.upsert("Contact", "Id", {"LastName": "Y", "Id": first[1]["id"]}, {"LastName": "Z", "Id": None})
    assert [(row["created"], row["success"]) for row in again] == [(False, True), (True, True)]
    assert again[0]["id"] == first[1]["id"]


def test_record_count_of_an_empty_object_is_an_empty_list(salesforce):
    assert salesforce.call("GET", "limits/recordCount", params={"sObjects": "Contact"}).json() == {"sObjects": []}


def test_a_composite_of_queries_shows_totals_and_errors_side_by_side(salesforce):
    salesforce.create("Account", Name="Smith Corp.")
    good, bad = salesforce.composite(
        part("GET", "query/?q=select count() from Account", "refAccount"),
        part("GET", "query/?q=select count() from XYZZY", "refXYZZY"),
    )
    assert good["body"] == {"totalSize": 1, "done": True, "records": []}
    assert (bad["httpStatusCode"], bad["httpHeaders"]) == (400, {})
    (error,) = bad["body"]
    assert error["errorCode"] == "INVALID_TYPE"
    assert "ERROR at Row:1:Column:21\nsObject type 'XYZZY' is not supported." in error["message"]


def test_a_composite_of_describes_shows_their_headers_and_304(salesforce):
    old = {"If-Modified-Since": "Sat, 1 Jan 2000 00:00:01 GMT"}
    (first,) = salesforce.composite(part("GET", "sobjects/Account/describe", "ref", httpHeaders=old))
    assert (first["httpStatusCode"], first["body"]["name"]) == (200, "Account")
    assert set(first["httpHeaders"]) == {"ETag", "Last-Modified"}
    since = {"If-Modified-Since": first["httpHeaders"]["Last-Modified"]}
    (second,) = salesforce.composite(part("GET", "sobjects/Account/describe", "ref", httpHeaders=since))
    assert (second["httpStatusCode"], second["body"]) == (304, None)
    assert second["httpHeaders"] == first["httpHeaders"]
    (third,) = salesforce.composite(part("GET", "sobjects", "CCI__RefId__0__", httpHeaders=since))
    assert (third["httpStatusCode"], third["referenceId"]) == (304, "CCI__RefId__0__")


def test_an_unknown_object_in_a_composite_is_a_404_with_the_array(salesforce):
    (result,) = salesforce.composite(part("GET", "sobjects/Foo", "CCI__RefId__0__"))
    error = {"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}
    assert (result["httpStatusCode"], result["body"], result["httpHeaders"]) == (404, [error], {})


def test_a_post_with_a_slash_at_the_end_creates(salesforce):
    answer = salesforce.call("POST", "sobjects/Account/", json={"Name": "Smith Corp."})
    assert answer.status_code == 201
