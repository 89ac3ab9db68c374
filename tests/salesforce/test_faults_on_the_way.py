"""Whatever happens between us and Salesforce, rows land once, or one clear sentence says why not."""

import pytest

from pipelines.errors import FixAccess, TryLater
from pipelines.salesforce.login import ClientCredentials
from pipelines.salesforce.org import Org
from pipelines.salesforce.session import Patience, Session

pytestmark = pytest.mark.slow

ACCOUNT = {"ChargeOver_Id__c": "1", "Name": "A"}


@pytest.mark.parametrize(
    "kind", ["429", "500", "502", "503", "html", "drop", "cut_json", "lost_answer", "503_after_commit"]
)
def test_a_fault_that_passes_costs_only_a_repeat(vendor, org, rows, send, waits, kind):
    org.limits()
    vendor.fault(kind, path="composite")

    (reply,) = send(rows("Account", ACCOUNT))[0]

    assert reply.success
    assert len(vendor.rows("Account")) == 1
    assert len(waits) == 1
    assert 0.25 <= waits[0] <= 0.5
    assert (org.usage.calls_made, org.usage.write_calls_made) == (3, 2)


@pytest.mark.parametrize("kind", ["429", "502", "503", "drop", "cut_json", "lost_answer", "html"])
def test_a_fault_that_stays_is_one_sentence_and_to_be_tried_later(vendor, org, rows, send, waits, kind):
    org.limits()
    vendor.fault(kind, path="composite", count=100)

    with pytest.raises(TryLater, match=r"^Salesforce[^\n]*(later|again)") as caught:
        send(rows("Account", ACCOUNT))

    assert len(waits) == 4
    assert len(vendor.rows("Account")) <= 1
    assert "JSONDecodeError" not in repr(caught.value)


def test_waits_grow_and_are_jittered(vendor, org, waits):
    org.limits()
    vendor.fault("503", count=100)
    with pytest.raises(TryLater):
        org.limits()

    shares = [wait / longest for wait, longest in zip(waits, [0.5, 1, 2, 4], strict=True)]
    assert all(0.5 <= share <= 1 for share in shares)
    assert len(set(shares)) == 4


def test_a_wait_that_salesforce_asks_for_is_kept(vendor, org, waits):
    org.limits()
    vendor.fault("429_retry_after", seconds=7)

    org.limits()

    assert waits == [7]


def test_a_wait_that_is_too_long_is_not_waited(vendor, org, waits):
    org.limits()
    vendor.fault("429_retry_after", seconds=600)

    with pytest.raises(TryLater, match="busy"):
        org.limits()
    assert waits == []


def test_an_expired_login_is_renewed_once_and_the_call_repeated(vendor, org, rows, send):
    send(rows("Account", ACCOUNT))
    vendor.fault("expired_session")

    (reply,) = send(rows("Account", {**ACCOUNT, "Name": "B"}))[0]

    assert reply.success
    assert vendor.rows("Account")[0]["Name"] == "B"


def test_a_login_that_is_never_accepted_ends_after_the_second_time(vendor, org):
    org.limits()
    vendor.fault("expired_session", path="limits", count=100)

    with pytest.raises(FixAccess, match="the login is not accepted, even after a new one"):
        org.limits()
    assert vendor.calls() == ["GET limits"] * 3


def test_rows_of_a_login_that_is_never_accepted_are_sent_twice_and_no_more(vendor, org, rows, send):
    org.limits()
    vendor.fault("expired_session", path="composite", count=100)

    with pytest.raises(FixAccess, match="the login is not accepted, even after a new one"):
        send(rows("Account", ACCOUNT))
    assert vendor.calls() == ["GET limits", "POST composite", "POST composite"]


def test_a_used_up_allowance_stops_with_its_cause(vendor, org, rows, send, waits):
    org.limits()
    vendor.fault("limit_exceeded")

    with pytest.raises(TryLater, match="used up its API calls of the last 24 hours"):
        send(rows("Account", ACCOUNT))
    assert waits == []


def test_an_answer_that_does_not_come_in_time_is_given_up(vendor, credentials, waits):
    with Org(credentials, timeout_seconds=(5, 0.2), patience=Patience(tries=2, sleep=waits.append)) as org:
        org.limits()
        vendor.fault("slow", seconds=1, count=2)

        with pytest.raises(TryLater, match="no answer in time"):
            org.limits()
    assert len(waits) == 1


def test_a_host_that_refuses_the_connection_is_named(waits):
    with (
        Org(ClientCredentials("http://127.0.0.1:1", "id", "secret"), patience=Patience(sleep=waits.append)) as org,
        pytest.raises(
            TryLater, match=r"Salesforce 127\.0\.0\.1:1: the connection was refused or lost; check the address"
        ),
    ):
        org.limits()


def test_a_host_that_does_not_exist_is_named_at_once(waits):
    credentials = ClientCredentials("https://nosuchorg.invalid", "id", "secret")
    with (
        Org(credentials, patience=Patience(sleep=waits.append)) as org,
        pytest.raises((FixAccess, TryLater), match=r"Salesforce nosuchorg\.invalid: .*check"),
    ):
        org.limits()


def test_a_session_speaks_plain_http_with_no_other_machine():
    with Session() as session, pytest.raises(FixAccess, match="plain http is only for this machine"):
        session.get("http://mydomain.my.salesforce.com/")


def test_plain_http_is_only_for_this_machine():
    with (
        Org(ClientCredentials("http://mydomain.my.salesforce.com", "id", "secret")) as org,
        pytest.raises(FixAccess, match="plain http is only for this machine"),
    ):
        org.limits()


def test_a_version_of_the_api_that_the_org_does_not_have_is_named(credentials, rows):
    from pipelines.salesforce.batch import Request

    with Org(credentials, api_version="999.0") as org, pytest.raises(FixAccess, match="version of the API"):
        org.upsert(Request([rows("Account", ACCOUNT)]))
