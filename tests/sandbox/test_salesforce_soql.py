"""Queries: conditions, order, pages, aggregates, parents, and how errors point at the fault."""

import pytest

ROWS = [
    {"Ext__c": "1", "Name": "Ada", "Phone": "11", "NumberOfEmployees": 5, "AnnualRevenue": 10},
    {"Ext__c": "2", "Name": "bob", "NumberOfEmployees": 7, "AnnualRevenue": 20.0},
    {"Ext__c": "3", "Name": "Cy_d", "Phone": "33", "Description": "long"},
    {"Ext__c": "4", "Name": "50% O'Neil", "NumberOfEmployees": 5},
]


@pytest.fixture
def people(salesforce):
    salesforce.upsert("Account", "Ext__c", *ROWS)
    return salesforce


@pytest.mark.parametrize(
    ("condition", "keys"),
    [
        ("Name = 'ADA'", "1"),
        ("Name != 'ada'", "234"),
        ("Phone = null", "24"),
        ("Phone != null", "13"),
        ("Phone != '11'", "234"),
        ("NumberOfEmployees > 5", "2"),
        ("NumberOfEmployees >= 5", "124"),
        ("NumberOfEmployees < 7", "14"),
        ("NumberOfEmployees > null", ""),
        ("NumberOfEmployees <= 7 AND Phone = null", "24"),
        ("AnnualRevenue = 20", "2"),
        ("Name LIKE 'a%'", "1"),
        ("Name LIKE '_ob'", "2"),
        ("Name LIKE '%\\_%'", "3"),
        ("Name LIKE '%\\%%'", "4"),
        ("Name = '50% O\\'Neil'", "4"),
        ("Ext__c IN ('1', '3', '9')", "13"),
        ("Ext__c NOT IN ('1', '3')", "24"),
        ("Phone NOT IN ('11')", "234"),
        ("NOT Ext__c = '1'", "234"),
        ("NOT (Ext__c = '1' OR Ext__c = '2')", "34"),
        ("Ext__c = '1' OR (Name = 'bob' AND Phone = null)", "12"),
        ("(Name LIKE 'c%' OR Name LIKE 'b%') AND Ext__c > '2'", "3"),
        ("Name <> 'Ada' and Phone = '33'", "3"),
        ("CreatedDate > 2020-01-01T00:00:00Z", "1234"),
        ("CreatedDate < 2020-01-01T00:00:00+01:00", ""),
        ("IsDeleted = false", "1234"),
        ("IsDeleted = TRUE", ""),
        ("Account.Name = 'Ada'", "1"),
    ],
)
def test_conditions_pick_rows(people, condition, keys):
    records = people.query(f"SELECT Ext__c FROM Account WHERE {condition} ORDER BY Ext__c")["records"]
    assert "".join(record["Ext__c"] for record in records) == keys


def test_dates_compare_as_dates(salesforce):
    for key, due in (("1", "2026-01-01"), ("2", "2026-02-01"), ("3", None)):
        salesforce.create("Invoice__c", Ext__c=key, Due__c=due)
    found = salesforce.query("SELECT Ext__c, Due__c FROM Invoice__c WHERE Due__c >= 2026-02-01")["records"]
    assert [(one["Ext__c"], one["Due__c"]) for one in found] == [("2", "2026-02-01")]


def test_an_id_is_found_by_15_and_18_characters(people):
    made = people.query("SELECT Id FROM Account WHERE Ext__c = '2'")["records"][0]["Id"]
    for given in (made, made[:15]):
        assert people.names(f"SELECT Name FROM Account WHERE Id = '{given}'") == ["bob"]


def test_rows_carry_attributes_and_the_asked_fields_in_order(people):
    answer = people.query("select name, phone from account where ext__c = '1'")
    record = answer["records"][0]
    assert list(record) == ["attributes", "Name", "Phone"]
    assert record["attributes"]["type"] == "Account"
    assert answer["totalSize"] == 1
    assert answer["done"] is True


@pytest.mark.parametrize(
    ("order", "keys"),
    [
        ("Name", "4123"),
        ("Name DESC", "3214"),
        ("Phone", "2413"),
        ("Phone DESC", "2431"),
        ("Phone ASC NULLS LAST", "1324"),
        ("Phone DESC NULLS LAST", "3124"),
        ("NumberOfEmployees DESC, Name", "3241"),
        ("Name LIMIT 2", "41"),
        ("Name LIMIT 2 OFFSET 1", "12"),
        ("Name OFFSET 3", "3"),
    ],
)
def test_order_limit_and_offset(people, order, keys):
    records = people.query(f"SELECT Ext__c FROM Account ORDER BY {order}")["records"]
    assert "".join(record["Ext__c"] for record in records) == keys


def test_ids_sort_in_the_order_they_were_made(salesforce):
    made = [salesforce.create("Account", Name=str(n)) for n in range(70)]
    assert [one["Id"] for one in salesforce.query("SELECT Id FROM Account ORDER BY Id")["records"]] == made
    found = salesforce.query(f"SELECT Id FROM Account WHERE Id > '{made[64]}' ORDER BY Id LIMIT 3")["records"]
    assert [one["Id"] for one in found] == made[65:68]


def test_parents_are_nested_up_to_several_levels_and_null_without_one(people):
    top, kid = (people.query(f"SELECT Id FROM Account WHERE Ext__c = '{key}'")["records"][0]["Id"] for key in "12")
    people.call("PATCH", f"sobjects/Account/{kid}", json={"ParentId": top})
    people.create("Invoice__c", Ext__c="i", Account__c=kid)
    people.create("Invoice__c", Ext__c="j")
    soql = "SELECT Ext__c, Account__r.Name, Account__r.Parent.Name, Owner.Name FROM Invoice__c ORDER BY Ext__c"
    first, second = people.query(soql)["records"]
    assert first["Account__r"]["Name"] == "bob"
    assert first["Account__r"]["Parent"]["Name"] == "Ada"
    assert first["Account__r"]["attributes"]["type"] == "Account"
    assert second["Account__r"] is None
    assert second["Owner"]["Name"] == "Loader"
    found = people.query("SELECT Ext__c FROM Invoice__c WHERE Account__r.Parent.Name = 'ada'")["records"]
    assert [one["Ext__c"] for one in found] == ["i"]


def test_counts_and_sums(people):
    assert people.query("SELECT COUNT() FROM Account") == {"totalSize": 4, "done": True, "records": []}
    answer = people.query(
        "SELECT COUNT(Id), COUNT(Phone) phones, SUM(AnnualRevenue), MIN(Name), MAX(Name) FROM Account"
    )
    assert answer["records"] == [
        {
            "attributes": {"type": "AggregateResult"},
            "expr0": 4,
            "phones": 2,
            "expr1": 30.0,
            "expr2": "50% O'Neil",
            "expr3": "bob",
        }
    ]


def test_groups_have_their_own_rows(people):
    soql = (
        "SELECT NumberOfEmployees, COUNT(Id) n FROM Account WHERE NumberOfEmployees != null "
        "GROUP BY NumberOfEmployees ORDER BY COUNT(Id) DESC"
    )
    answer = people.query(soql)
    assert [(row["NumberOfEmployees"], row["n"]) for row in answer["records"]] == [(5, 2), (7, 1)]
    assert answer["totalSize"] == 2


def test_pages_are_2000_unless_asked_and_lead_through_the_whole_result(salesforce, org):
    table = org.tables["Account"]
    for number in range(2001):
        table.insert({"Id": table.next_id(), "Name": str(number)})
    first = salesforce.query("SELECT Name FROM Account")
    assert (first["totalSize"], first["done"], len(first["records"])) == (2001, False, 2000)
    assert first["nextRecordsUrl"].startswith("/services/data/v67.0/query/01g")
    assert first["nextRecordsUrl"].endswith("-2000")
    last = salesforce.http.get(salesforce.url + first["nextRecordsUrl"]).json()
    assert (last["done"], [one["Name"] for one in last["records"]]) == (True, ["2000"])
    assert "nextRecordsUrl" not in last
    options = {"Sforce-Query-Options": "batchSize=200"}
    small = salesforce.call("GET", "query", params={"q": "SELECT Id FROM Account"}, headers=options).json()
    assert len(small["records"]) == 200


def test_a_wrong_locator_is_refused(salesforce):
    answer = salesforce.call("GET", "query/01g000000000000AAA-2000")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_QUERY_LOCATOR")


def test_query_all_sees_deleted_rows(people):
    people.call("DELETE", "sobjects/Account/Ext__c/1")
    soql = "SELECT Ext__c, IsDeleted FROM Account ORDER BY Ext__c"
    assert len(people.query(soql)["records"]) == 3
    found = people.call("GET", "queryAll", params={"q": soql}).json()["records"]
    assert [(one["Ext__c"], one["IsDeleted"]) for one in found][:2] == [("1", True), ("2", False)]


def error(salesforce, soql):
    answer = salesforce.call("GET", "query", params={"q": soql})
    assert answer.status_code == 400
    (body,) = answer.json()
    assert set(body) == {"message", "errorCode"}
    return body["errorCode"], body["message"]


def test_an_unknown_column_is_pointed_at(salesforce):
    code, message = error(salesforce, "SELECT Id, Dispenser__c FROM Account")
    assert code == "INVALID_FIELD"
    assert message == (
        "\nSELECT Id, Dispenser__c FROM Account\n           ^\nERROR at Row:1:Column:12\n"
        "No such column 'Dispenser__c' on entity 'Account'. If you are attempting to use a custom field, be sure to "
        "append the '__c' after the custom field name. Please reference your WSDL or the describe call for the "
        "appropriate names."
    )
    assert error(salesforce, "SELECT Id FROM Account WHERE Hidden__c = 'x'")[0] == "INVALID_FIELD"


def test_an_unknown_object_is_invalid_type(salesforce):
    code, message = error(salesforce, "select count() from XYZZY")
    assert code == "INVALID_TYPE"
    assert message.startswith("\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\n")
    assert "sObject type 'XYZZY' is not supported. If you are attempting to use a custom object" in message


@pytest.mark.parametrize(
    ("soql", "text"),
    [
        ("SELECT FROM Account", "unexpected token: 'FROM'"),
        ("SELECT Id Account", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM Account WHERE", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM Account WHERE Name", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "unexpected token: 'OR'"),
        ("SELECT Id FROM Account LIMIT x", "unexpected token: 'x'"),
        ("SELECT Id FROM Account WHERE CreatedDate > 2026-02-30T00:00:00Z", "unexpected token: '2026-02-30T00:00:00Z'"),
        ("SELECT Name, COUNT(Id) FROM Account", "Field must be grouped or aggregated: Name"),
        ("SELECT SUM(Name) FROM Account", "field Name does not support aggregate operator SUM"),
        ("SELECT Id FROM Account ;", "unexpected token: ';'"),
    ],
)
def test_what_does_not_parse_is_malformed_query(salesforce, soql, text):
    code, message = error(salesforce, soql)
    assert code == "MALFORMED_QUERY"
    assert message.endswith(text)
    assert "\nERROR at Row:1:Column:" in message


@pytest.mark.parametrize(
    "condition",
    ["Name = 5", "NumberOfEmployees = '5'", "IsDeleted = 'true'", "CreatedDate > '2026-01-01'", "Description = 'x'"],
)
def test_literals_of_the_wrong_type_and_long_texts_are_invalid(salesforce, condition):
    assert error(salesforce, f"SELECT Id FROM Account WHERE {condition}")[0] == "INVALID_FIELD"


def test_an_unknown_relationship_is_invalid(salesforce):
    code, message = error(salesforce, "SELECT Nope__r.Name FROM Account")
    assert (code, "Didn't understand relationship 'Nope__r'" in message) == ("INVALID_FIELD", True)


def test_dates_are_grouped_by_year_and_month(salesforce):
    for key, due in (("1", "2026-01-31"), ("2", "2026-02-01"), ("3", "2026-02-28"), ("4", None)):
        salesforce.create("Invoice__c", Ext__c=key, Due__c=due)

    found = salesforce.query(
        "SELECT CALENDAR_YEAR(Due__c) y, CALENDAR_MONTH(Due__c), COUNT(Id) n FROM Invoice__c "
        "GROUP BY CALENDAR_YEAR(Due__c), CALENDAR_MONTH(Due__c) ORDER BY CALENDAR_MONTH(Due__c) NULLS LAST"
    )["records"]

    assert [(each["y"], each["expr0"], each["n"]) for each in found] == [(2026, 1, 1), (2026, 2, 2), (None, None, 1)]


def test_groups_have_one_page_and_a_limit_needs_a_group(people):
    def code(soql):
        answer = people.call("GET", "query", params={"q": soql})
        return answer.status_code, answer.json()[0]["errorCode"]

    assert code("SELECT SUM(AnnualRevenue) FROM Account LIMIT 5") == (400, "MALFORMED_QUERY")
    for start in range(0, 2001, 200):
        rows = [{"Ext__c": f"many {n}", "Name": f"n {n}"} for n in range(start, start + 200)]
        people.upsert("Account", "Ext__c", *rows)

    assert code("SELECT Name, COUNT(Id) FROM Account GROUP BY Name") == (400, "EXCEEDED_ID_LIMIT")
    assert len(people.query("SELECT Name, COUNT(Id) FROM Account GROUP BY Name LIMIT 2000")["records"]) == 2000
