"""No call waits for ever: each way to reach Salesforce gives up when no answer comes in time."""

import pytest

from pipelines.errors import TryLater
from pipelines.salesforce.batch import Request
from pipelines.salesforce.org import Org
from pipelines.salesforce.session import Patience

pytestmark = pytest.mark.slow

WAYS = {
    "limits": lambda org, _: org.limits(),
    "identity": lambda org, _: org.identity(),
    "versions": lambda org, _: org.versions(),
    "sobjects": lambda org, _: org.sobjects(),
    "assign": lambda org, _: org.assign("ChargeOver_Sync", "005000000000001AAA"),
    "describe": lambda org, _: org.describe("Account"),
    "query": lambda org, _: list(org.query("SELECT Id FROM Account")),
    "upsert": lambda org, rows: org.upsert(Request([rows("Account", {"ChargeOver_Id__c": "1", "Name": "A"})])),
    "jobs": lambda org, _: org.jobs.look("750000000000001AAA"),
    "delete": lambda org, _: org.delete("Account", ["001000000000001AAA"]),
}
WITHOUT_A_CALL = {"close", "usage"}


@pytest.fixture
def hasty(credentials):
    with Org(credentials, timeout_seconds=(5, 0.2), patience=Patience(tries=1)) as org:
        yield org


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_that_does_not_come_is_given_up(vendor, hasty, rows, way):
    hasty.org_id()
    vendor.fault("slow", seconds=1)

    with pytest.raises(TryLater, match="no answer in time"):
        WAYS[way](hasty, rows)


def test_a_login_that_does_not_come_is_given_up(vendor, hasty):
    vendor.fault("slow", seconds=1, path="token")

    with pytest.raises(TryLater, match="no answer in time"):
        hasty.org_id()


def test_every_way_to_reach_an_org_is_walked():
    public = {name for name in vars(Org) if not name.startswith("_")}
    assert public | {"jobs"} == {*WAYS, "org_id"} | WITHOUT_A_CALL
