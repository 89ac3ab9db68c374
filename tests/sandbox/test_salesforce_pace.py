"""Calls that take time: what others see meanwhile, and how many long ones there may be."""

import pytest
from salesforce_crowd import FOR_EVER, Crowd
from salesforce_desk import rows_part


@pytest.fixture
def crowd(salesforce, org):
    with Crowd(salesforce, org) as crowd:
        yield crowd


def test_other_calls_are_answered_while_a_write_takes_its_time(salesforce, crowd):
    write = crowd.hold("create", "Account", Name="A")
    assert salesforce.call("GET", "limits").status_code == 200
    assert not write.done()
    crowd.hurry()
    assert write.result().startswith("001")


def test_others_see_a_write_only_when_it_has_ended(salesforce, crowd):
    write = crowd.hold("create", "Account", Name="New")
    assert salesforce.names("SELECT Name FROM Account") == []
    crowd.hurry()
    write.result()
    assert salesforce.names("SELECT Name FROM Account") == ["New"]


def test_a_change_and_a_delete_that_take_time_are_seen_when_they_have_ended(salesforce, crowd):
    kept = salesforce.create("Account", Name="Old", Ext__c="1")
    gone = salesforce.create("Account", Name="Gone")
    change = crowd.hold("upsert", "Account", "Ext__c", {"Ext__c": "1", "Name": "New"})
    delete = crowd.hold("call", "DELETE", f"sobjects/Account/{gone}")
    assert salesforce.names("SELECT Name FROM Account ORDER BY Name") == ["Gone", "Old"]
    crowd.hurry()
    assert (change.result()[0]["id"], delete.result().status_code) == (kept, 204)
    assert salesforce.names("SELECT Name FROM Account") == ["New"]
    assert salesforce.call("GET", f"sobjects/Account/{gone}").json()[0]["errorCode"] == "ENTITY_IS_DELETED"


def test_a_row_that_one_call_changes_twice_looks_untouched_until_the_call_ends(salesforce, crowd):
    salesforce.create("Account", Name="Old", Ext__c="1")
    rows = [[{"Ext__c": "1", "Name": name}] for name in ("First", "Second")]
    parts = [rows_part("Account", "Ext__c", f"r{number}", one) for number, one in enumerate(rows)]
    write = crowd.hold("composite", *parts)
    assert salesforce.names("SELECT Name FROM Account") == ["Old"]
    crowd.hurry()
    write.result()
    assert salesforce.names("SELECT Name FROM Account") == ["Second"]


def test_a_parent_that_is_still_being_written_is_not_there_for_others(salesforce, crowd):
    crowd.hold("upsert", "Account", "Ext__c", {"Ext__c": "1", "Name": "A"})
    answer = salesforce.call("POST", "sobjects/Invoice__c", json={"Account__r": {"Ext__c": "1"}})
    assert answer.json()[0]["message"] == "Foreign key external ID: 1 not found for field Ext__c in entity Account"


def test_what_was_refused_as_a_whole_leaves_nothing_when_its_time_is_over(salesforce, crowd):
    crowd.settings(latency_seconds=0.01)
    (good, bad) = salesforce.upsert("Account", "Ext__c", {"Ext__c": "1", "Name": "A"}, {"Ext__c": "2"}, allOrNone=True)
    assert (good["success"], bad["success"]) == (False, False)
    assert salesforce.names("SELECT Name FROM Account") == []


def test_a_read_takes_the_time_of_a_call_and_none_for_rows(salesforce, crowd):
    crowd.settings(row_seconds=FOR_EVER)
    assert salesforce.call("GET", "limits").status_code == 200
    crowd.settings(latency_seconds=FOR_EVER, row_seconds=0)
    read = crowd.start("call", "GET", "limits")
    crowd.until(lambda: crowd.org.allowance.used == 2)
    assert not read.done()


def test_a_call_is_refused_while_too_many_long_ones_are_under_way(salesforce, crowd, org):
    crowd.settings(long_requests=2, long_request_seconds=0, row_seconds=FOR_EVER)
    calls = [crowd.hold("create", "Account", Name=name) for name in "AB"]
    answer = salesforce.call("GET", "limits")
    body = [{"message": "ConcurrentPerOrgLongTxn Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}]
    assert (answer.status_code, answer.json()) == (403, body)
    assert answer.headers["Sforce-Limit-Info"] == "api-usage=3/100000"
    crowd.hurry()
    assert all(call.result() for call in calls)
    assert salesforce.call("GET", "limits").status_code == 200


def test_calls_that_are_not_long_yet_refuse_nobody(salesforce, crowd):
    crowd.settings(long_requests=1)
    crowd.hold("create", "Account", Name="A")
    assert salesforce.call("GET", "limits").status_code == 200


def test_the_settings_are_shown_with_what_the_vendor_documents(salesforce):
    shown = salesforce.admin("GET", "settings")
    assert (shown["long_requests"], shown["long_request_seconds"], shown["lock_wait_seconds"]) == (25, 20, 10)
    assert (shown["latency_seconds"], shown["row_seconds"], shown["bulk_row_seconds"]) == (0, 0, 0)
    assert salesforce.admin("POST", "settings", {"latency_seconds": 0.001})["latency_seconds"] == 0.001


@pytest.mark.parametrize(
    "wrong",
    [
        {"latency": 1},
        {"latency_seconds": -1},
        {"row_seconds": "1"},
        {"row_seconds": True},
        {"long_requests": 0},
        {"bulk_lock_retries": -1},
        {"lookups_lock": "none"},
        [],
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_and_nothing_is_set(salesforce, wrong):
    asked = {"lock_wait_seconds": 1, **wrong} if wrong else wrong
    answer = salesforce.http.post(f"{salesforce.url}/_admin/settings", json=asked)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert salesforce.admin("GET", "settings")["lock_wait_seconds"] == 10
