"""co2sf money: sums side by side, the records that differ, and one command that puts them right."""

import json

import pytest
import requests

pytestmark = pytest.mark.slow
sobject = "ChargeOver_Invoice__c"


@pytest.fixture
def customers():
    return 3


@pytest.fixture
def synced(co2sf, world, live):
    """A company that has landed, with fewer mappings than there are."""
    for name in ("contacts", "quotes", "quote_lines", "invoice_lines", "subscription_lines", "applied_payments"):
        (live / f"{name}.yaml").unlink()
    assert co2sf("sync").code == 0
    return live


@pytest.fixture
def tampered(world, synced):
    """An invoice whose total somebody else has raised by a cent in Salesforce."""
    row = next(row for row in world.rows(sobject).values() if row["Total__c"] and row["Invoice_Date__c"])
    login = {"grant_type": "client_credentials", "client_id": "sandbox-client-id",
             "client_secret": "sandbox-client-secret"}  # fmt: skip
    answer = requests.post(f"{world.salesforce_url}/services/oauth2/token", data=login, timeout=30)
    url = f"{world.salesforce_url}/services/data/v67.0/sobjects/{sobject}/{row['Id']}"
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    requests.patch(url, json={"Total__c": row["Total__c"] + 0.01}, headers=headers, timeout=30).raise_for_status()
    return row


def test_a_cent_is_shown_with_its_month_named_with_its_record_and_repaired(co2sf, world, tampered):
    month = tampered["Invoice_Date__c"][:7]

    told = co2sf("money")
    assert told.code == 1
    (line,) = [each.split() for each in told.lines if each.startswith(sobject) and month in each]
    assert line[:4] == [sobject, month, tampered["Currency_Code__c"], "Total__c"]
    assert line[-3:] == ["0.01", "0.00", "0.01"]
    assert "1 row changed in Salesforce: co2sf money --repair sends it again" in told.out
    assert told.lines[-1] == "Money does not agree: nothing explains 1 row."

    listed = co2sf("money", "--object", "invoice", "--month", month, "--records", "--json")
    (found,) = json.loads(listed.out)
    (record,) = found["records"]
    assert record["record"] == f"invoice:{tampered['ChargeOver_Id__c']}"
    assert (record["why"], record["fields"]) == ("changed in Salesforce", "Total__c")
    assert float(record["Salesforce has"]) == pytest.approx(float(record["ChargeOver has"]) + 0.01)
    assert found["ChargeOver calls"] > 0

    repaired = co2sf("money", "--object", sobject, "--repair")
    assert (repaired.code, repaired.lines[-1]) == (0, "Money agrees.")
    assert world.rows(sobject)[tampered["ChargeOver_Id__c"]]["Total__c"] == tampered["Total__c"]
    why = [each for each in co2sf("log", "--limit", "1").lines if "co2sf money --repair" in each]
    assert len(why) == 1


def test_what_cannot_be_asked_for_is_said_in_a_line(co2sf, world, live):
    assert co2sf("money").err.startswith("co2sf: ledger: it knows of no load into Salesforce org")
    assert "write year and month" in co2sf("money", "--month", "October").err
    unknown = co2sf("money", "--object", "contacts")
    assert (unknown.code, unknown.out) == (2, "")
    assert "no mapping of that name loads amounts" in unknown.err
