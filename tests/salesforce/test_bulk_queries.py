"""Query jobs: every row comes once and as it is, page by page; what goes wrong is said in a line."""

import pytest

from pipelines.errors import Co2sfError, TryLater
from pipelines.salesforce.bulk import queries

ODD = 'a "b", c\nd\r\n#N/A \u00e4\U0001f600'
QUESTION = "SELECT Id, ChargeOver_Id__c, Name, BillingCity, Parent.ChargeOver_Id__c, LastModifiedBy.Name FROM Account"


@pytest.fixture
def accounts(send, rows):
    named = [{"ChargeOver_Id__c": str(number), "Name": f"A{number}"} for number in range(10)]
    odd = {"ChargeOver_Id__c": "odd", "Name": "odd", "BillingCity": "x", "Parent": {"ChargeOver_Id__c": "3"}}
    send(rows("Account", *named), rows("Account", odd | {"BillingStreet": ODD}))


def test_rows_come_page_by_page_each_once_and_as_they_are(org, vendor, accounts, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_ROWS", 4)

    found = {row["ChargeOver_Id__c"]: row for row in org.queries.rows(QUESTION)}

    assert set(found) == {*map(str, range(10)), "odd"}
    assert (found["3"]["Name"], found["3"]["BillingCity"], found["3"]["Parent.ChargeOver_Id__c"]) == ("A3", None, None)
    assert (found["odd"]["Parent.ChargeOver_Id__c"], found["odd"]["LastModifiedBy.Name"]) == ("3", "Loader")
    assert [call for call in vendor.calls() if call.endswith("results")] == ["GET results"] * 3
    (street,) = org.queries.rows("SELECT BillingStreet FROM Account WHERE ChargeOver_Id__c = 'odd'")
    assert street["BillingStreet"] == ODD


def test_a_page_that_is_cut_is_fetched_again(org, vendor, accounts):
    vendor.fault("503", path="results")
    assert len(list(org.queries.rows(QUESTION))) == 11


def test_a_job_is_waited_for_and_one_that_fails_is_said_so(org, vendor, waits):
    vendor.org.pace.change({"bulk_job_seconds": 0.2})
    with pytest.raises(TryLater, match=r"has ended as Failed.*No such column 'Nothing'"):
        list(org.queries.rows("SELECT Nothing FROM Account"))
    assert waits


@pytest.mark.parametrize("clause", ["ORDER BY Name", "LIMIT 1"])
def test_what_such_jobs_cannot_ask_is_refused(org, clause):
    with pytest.raises(Co2sfError, match="Salesforce"):
        list(org.queries.rows(f"SELECT Id FROM Account {clause}"))


def test_what_another_user_changes_bears_their_name(org, vendor, accounts):
    (row,) = org.query("SELECT Id FROM Account WHERE ChargeOver_Id__c = '1'")
    vendor.act(by="Jane Doe", sobject="Account", id=row["Id"], fields={"Name": "Mine"})
    (seen,) = org.query("SELECT Name, LastModifiedBy.Name FROM Account WHERE ChargeOver_Id__c = '1'")
    assert (seen["Name"], seen["LastModifiedBy"]["Name"]) == ("Mine", "Jane Doe")
