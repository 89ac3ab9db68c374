"""Every call to the API is taken from a budget first, and the budget hears what the org says."""

import pytest

from pipelines.errors import TryLater
from pipelines.salesforce.org import Org
from pipelines.salesforce.session import Patience

pytestmark = pytest.mark.slow


class Purse:
    """So many calls that may begin something."""

    def __init__(self, left):
        self.left, self.begun, self.went_on, self.heard, self.refusals = left, 0, 0, [], 0

    def take(self, *, begins):
        if begins and self.left == self.begun:
            raise TryLater("the purse is empty")
        self.begun, self.went_on = self.begun + begins, self.went_on + (not begins)

    def told(self, used, allowed):
        self.heard.append((used, allowed))

    def refused(self):
        self.refusals += 1


@pytest.fixture
def purse():
    return Purse(3)


@pytest.fixture
def org(credentials, purse, waits):
    with Org(credentials, patience=Patience(sleep=waits.append), budget=purse) as opened:
        yield opened


def test_a_call_is_taken_and_heard_of_and_a_login_is_neither(org, purse):
    org.org_id()
    assert purse.begun == 0
    org.limits()
    assert (purse.begun, purse.heard) == (1, [(1, 100_000)])


def test_a_call_that_may_not_be_made_is_neither_sent_nor_counted(vendor, org, rows, send):
    for _ in range(3):
        org.limits()

    with pytest.raises(TryLater, match="the purse is empty"):
        send(rows("Account", {"ChargeOver_Id__c": "1", "Name": "A"}))
    assert vendor.rows("Account") == []
    assert (org.usage.calls_made, org.usage.write_calls_made) == (3, 0)


def test_a_request_that_has_begun_is_finished_so_that_no_verdict_is_lost(vendor, org, purse, rows, send):
    org.limits()
    org.limits()
    vendor.fault("lock", sobject="Account", field="ChargeOver_Id__c", value="2")

    replies = send(rows("Account", *({"ChargeOver_Id__c": key, "Name": key} for key in "123")))[0]

    assert [reply.success for reply in replies] == [True] * 3
    assert (purse.begun, purse.went_on) == (3, 1)
    with pytest.raises(TryLater):
        send(rows("Account", {"ChargeOver_Id__c": "4", "Name": "D"}))


def test_a_refusal_for_want_of_calls_is_heard_and_one_of_many_long_calls_is_not(vendor, org, purse, waits):
    vendor.fault("long_limit_exceeded", path="limits")
    org.limits()
    assert purse.refusals == 0

    vendor.fault("limit_exceeded", path="limits")
    with pytest.raises(TryLater, match="used up its API calls"):
        org.limits()
    assert purse.refusals == 1
