"""simple-salesforce, the real client, against the sandbox."""

import csv
import io

import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceOperationError,
    SalesforceResourceNotFound,
)


class PlainHttp(HTTPAdapter):
    """Sends what the library wants to send by https to the sandbox's plain address instead."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def send(self, request, **more):
        _, _, rest = request.url.partition("://")
        request.url = f"{self.url}/{rest.partition('/')[2]}"
        return super().send(request, **more)


@pytest.fixture
def library(salesforce):
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", PlainHttp(salesforce.url))
        yield Salesforce(
            consumer_key="sandbox-client-id",
            consumer_secret="sandbox-client-secret",
            domain="sandbox.my",
            version="67.0",
            session=session,
        )


def test_it_logs_in_describes_and_writes(library):
    described = library.Account.describe()
    assert described["keyPrefix"] == "001"
    assert library.Account.upsert("Ext__c/a%2F1", {"Name": "Ada"}) == 201
    assert library.Account.upsert("Ext__c/a%2F1", {"Name": "Eve"}) == 200
    made = library.Account.get_by_custom_id("Ext__c", "a/1")
    assert made["Name"] == "Eve"
    assert library.Account.update(made["Id"], {"Phone": "1"}) == 204
    assert library.Account.delete(made["Id"]) == 204
    assert {one["name"] for one in library.describe()["sobjects"]} >= {"Account", "Invoice__c"}


def test_it_queries_page_by_page_and_reads_the_usage(library, org):
    table = org.tables["Account"]
    for number in range(2500):
        table.insert({"Id": table.next_id(), "Name": str(number)})
    assert len(list(library.query_all_iter("SELECT Id FROM Account"))) == 2500
    usage = library.api_usage["api-usage"]
    assert (usage.used, usage.total) == (2, 100000)
    assert library.limits()["DailyApiRequests"]["Max"] == 100000


def test_its_exceptions_carry_the_error_arrays(library):
    with pytest.raises(SalesforceResourceNotFound):
        library.Account.get("001000000000001")
    with pytest.raises(SalesforceMalformedRequest) as malformed:
        library.Account.create({})
    assert malformed.value.content[0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    for name in "AB":
        library.Account.create({"Name": name, "Loose__c": "same"})
    with pytest.raises(SalesforceMoreThanOneRecord) as several:
        library.Account.upsert("Loose__c/same", {"Name": "C"})
    assert len(several.value.content) == 2


def test_it_refreshes_an_expired_session_by_itself(library, org):
    org.sessions.expire()
    assert library.Account.create({"Name": "A"})["success"] is True
    org.sessions.expire()
    library.session_id = "gone"
    assert library.query("SELECT COUNT() FROM Account")["totalSize"] == 1


def test_with_a_bare_session_an_expired_one_is_an_error(library, org):
    bare = Salesforce(instance="sandbox.my.salesforce.com", session_id="x", version="67.0", session=library.session)
    with pytest.raises(SalesforceExpiredSession):
        bare.query("SELECT Id FROM Account")


def test_it_runs_ingest_jobs(library):
    records = [{"Ext__c": "1", "Name": "A"}, {"Ext__c": "2", "Name": ""}]
    (done,) = library.bulk2.Account.upsert(records=records, external_id_field="Ext__c", wait=0.01)
    assert (done["numberRecordsProcessed"], done["numberRecordsFailed"]) == (2, 1)
    assert "REQUIRED_FIELD_MISSING" in library.bulk2.Account.get_failed_records(done["job_id"])
    (good,) = csv.DictReader(io.StringIO(library.bulk2.Account.get_successful_records(done["job_id"])))
    assert (good["sf__Created"], good["Ext__c"], good["Name"]) == ("true", "1", "A")
    with pytest.raises(SalesforceOperationError):
        library.bulk2.Account.insert(records=[{"Nope__c": "1"}], wait=0.01)
