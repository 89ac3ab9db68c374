"""The admin path: faults, rules, clock, state and the request log."""

import time

import pytest
import requests
from salesforce_desk import rows_part

from sandbox.salesforce import app


def order(salesforce, kind, **more):
    salesforce.admin("POST", "faults", [{"kind": kind, **more}])


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("429", 429, "REQUEST_LIMIT_EXCEEDED"),
        ("429_retry_after", 429, "REQUEST_LIMIT_EXCEEDED"),
        ("500", 500, "UNKNOWN_EXCEPTION"),
        ("503", 503, "SERVER_UNAVAILABLE"),
        ("limit_exceeded", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("long_limit_exceeded", 403, "REQUEST_LIMIT_EXCEEDED"),
    ],
)
def test_a_fault_answers_once_and_then_all_is_well(salesforce, kind, status, code):
    order(salesforce, kind, seconds=3)
    answer = salesforce.call("GET", "limits")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (status, code)
    assert answer.headers.get("Retry-After") == ("3" if kind == "429_retry_after" else None)
    assert salesforce.call("GET", "limits").status_code == 200


def test_the_two_limits_of_one_code_differ_in_their_text(salesforce):
    for kind, text in (("limit_exceeded", "TotalRequests"), ("long_limit_exceeded", "ConcurrentPerOrgLongTxn")):
        order(salesforce, kind)
        assert salesforce.call("GET", "limits").json()[0]["message"] == f"{text} Limit exceeded."


@pytest.mark.parametrize(("kind", "status"), [("502", 502), ("html", 503)])
def test_the_edge_answers_html(salesforce, kind, status):
    order(salesforce, kind)
    answer = salesforce.call("GET", "limits")
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html")


def test_faults_pick_calls_by_method_and_path_and_count(salesforce):
    order(salesforce, "500", method="POST", path="composite", count=2)
    assert salesforce.call("GET", "limits").status_code == 200
    assert salesforce.call("POST", "sobjects/Account", json={"Name": "A"}).status_code == 201
    empty = {"compositeRequest": []}
    assert [salesforce.call("POST", "composite", json=empty).status_code for _ in range(3)] == [500, 500, 200]


def test_a_dropped_connection_does_nothing(salesforce):
    order(salesforce, "drop")
    with pytest.raises(requests.ConnectionError):
        salesforce.call("POST", "sobjects/Account", json={"Name": "A"})
    assert salesforce.query("SELECT COUNT() FROM Account")["totalSize"] == 0


def test_a_lost_answer_has_done_its_work(salesforce):
    order(salesforce, "lost_answer")
    with pytest.raises(requests.ConnectionError):
        salesforce.call("POST", "sobjects/Account", json={"Name": "A"})
    assert salesforce.query("SELECT COUNT() FROM Account")["totalSize"] == 1


def test_503_after_commit_has_done_its_work(salesforce):
    order(salesforce, "503_after_commit")
    assert salesforce.send_rows("Account", "Ext__c", [{"Ext__c": "1", "Name": "A"}]).status_code == 503
    (repeated,) = salesforce.upsert("Account", "Ext__c", {"Ext__c": "1", "Name": "A"})
    assert repeated["created"] is False


def test_a_late_answer_has_done_its_work_when_the_client_has_given_up(salesforce):
    order(salesforce, "late_answer", seconds=60)
    with pytest.raises(requests.ReadTimeout):
        salesforce.call("POST", "sobjects/Account", json={"Name": "A"}, timeout=0.2)
    assert salesforce.query("SELECT COUNT() FROM Account")["totalSize"] == 1


def test_a_late_answer_comes_to_those_who_wait(salesforce):
    order(salesforce, "late_answer", seconds=0.01)
    assert salesforce.call("GET", "limits").json()["DailyApiRequests"]["Max"] == 100_000


def test_cut_json_cannot_be_read(salesforce):
    order(salesforce, "cut_json")
    answer = salesforce.call("GET", "sobjects")
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_a_slow_answer_takes_its_time(salesforce):
    order(salesforce, "slow", seconds=0.2)
    started = time.monotonic()
    assert salesforce.call("GET", "limits").status_code == 200
    assert time.monotonic() - started >= 0.2


def test_a_slow_call_is_done_though_nobody_waits_for_its_answer(salesforce):
    order(salesforce, "slow", seconds=0.1)
    with pytest.raises(requests.Timeout):
        salesforce.call("POST", "sobjects/Account", json={"Name": "A"}, timeout=0.02)
    time.sleep(0.2)
    assert salesforce.query("SELECT COUNT() FROM Account")["totalSize"] == 1


def test_an_expired_session_stays_expired_until_the_next_login(salesforce):
    order(salesforce, "expired_session")
    assert [salesforce.call("GET", "limits").status_code for _ in range(2)] == [401, 401]
    salesforce.log_in()
    assert salesforce.call("GET", "limits").status_code == 200


@pytest.mark.parametrize(("kind", "status"), [("limit_exceeded", 403), ("expired_session", 401)])
def test_a_fault_can_let_calls_pass_first(salesforce, kind, status):
    order(salesforce, kind, path="limits", after_calls=2, count=2)
    answers = [salesforce.call("GET", path).status_code for path in ("limits", "sobjects", "limits", "limits")]
    assert answers == [200, 200, 200, status]


def test_a_fault_can_strike_every_nth_call_alone(salesforce):
    order(salesforce, "503", path="limits", after_calls=1, every=2, count=2)
    statuses = [salesforce.call("GET", "limits").status_code for _ in range(7)]
    assert statuses == [200, 200, 503, 200, 503, 200, 200]


def test_an_order_that_lets_calls_pass_leaves_them_to_the_next_order(salesforce):
    order(salesforce, "503", after_calls=1)
    order(salesforce, "500")
    assert [salesforce.call("GET", "limits").status_code for _ in range(3)] == [500, 503, 200]


def test_a_lock_refuses_only_the_rows_it_names(salesforce):
    order(salesforce, "lock", sobject="Account", field="Ext__c", value="2")
    rows = [{"Ext__c": key, "Name": key} for key in "123"]
    results = salesforce.upsert("Account", "Ext__c", *rows)
    assert [row["success"] for row in results] == [True, False, True]
    (error,) = results[1]["errors"]
    assert (error["statusCode"], error["fields"]) == ("UNABLE_TO_LOCK_ROW", [])
    assert error["message"].startswith("unable to obtain exclusive access to this record or 1 records: 001")
    assert salesforce.upsert("Account", "Ext__c", rows[1])[0]["success"] is True


def test_a_lock_can_hide_in_a_trigger_error(salesforce):
    order(salesforce, "lock", wrapped=True)
    code, message, _ = salesforce.refusal("Account", Name="A")
    assert code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
    assert "\n\ncaused by: System.DmlException: UNABLE_TO_LOCK_ROW" in message


def test_a_lock_can_strike_every_so_many_rows_over_several_calls(salesforce):
    order(salesforce, "lock", sobject="Account", every=3, count=2)
    salesforce.create("Invoice__c", Ext__c="1")
    keys = [f"{number}" for number in range(1, 10)]
    results = [salesforce.upsert("Account", "Ext__c", {"Ext__c": key, "Name": key})[0]["success"] for key in keys]
    assert [key for key, success in zip(keys, results, strict=True) if not success] == ["3", "6"]


def test_rows_can_be_refused_with_any_code(salesforce):
    """Of codes such as STORAGE_LIMIT_EXCEEDED only the name is verified: message and moment are those of the order."""
    order(
        salesforce, "refusal", field="Name", value="B", code="STORAGE_LIMIT_EXCEEDED", message="storage limit exceeded"
    )
    assert salesforce.upsert("Account", "Ext__c", {"Ext__c": "1", "Name": "A"})[0]["success"]
    assert salesforce.refusal("Account", Name="B") == ("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded", [])


@pytest.mark.parametrize("whole_call", [False, True])
def test_a_row_can_make_its_collection_fail_or_the_whole_call_and_nothing_of_that_stays(salesforce, whole_call):
    """That a row can do so is inferred."""
    order(salesforce, "crash", sobject="Account", field="Ext__c", value="2", count=9, whole_call=whole_call)
    bad = rows_part("Account", "Ext__c", "bad", [{"Ext__c": key, "Name": key} for key in "123"])
    good = rows_part("Account", "Ext__c", "good", [{"Ext__c": "4", "Name": "4"}])

    answer = salesforce.call("POST", "composite", json={"compositeRequest": [good, bad]})

    assert answer.status_code == (500 if whole_call else 200)
    parts = answer.json() if whole_call else answer.json()["compositeResponse"][1]["body"]
    assert [error["errorCode"] for error in parts] == ["UNKNOWN_EXCEPTION"]
    assert salesforce.names("SELECT Name FROM Account") == ([] if whole_call else ["4"])
    assert salesforce.send_rows("Account", "Ext__c", [{"Ext__c": "2", "Name": "2"}]).status_code == 500
    assert salesforce.upsert("Account", "Ext__c", {"Ext__c": "3", "Name": "3"})[0]["success"]


@pytest.mark.parametrize("order_", [{"kind": "nope"}, {"kind": "500", "colour": 1}, "x"])
def test_a_fault_nobody_knows_is_refused_by_name(salesforce, order_):
    answer = salesforce.http.post(f"{salesforce.url}/_admin/faults", json=[order_])
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_faults_can_be_forgotten(salesforce):
    order(salesforce, "500", count=9)
    assert salesforce.admin("DELETE", "faults") == {"waiting": 0}
    assert salesforce.call("GET", "limits").status_code == 200


def test_a_validation_rule_refuses_rows_with_the_admins_text(salesforce):
    rule = {"sobject": "Account", "field": "Name", "value": "Acme", "message": "Not Acme, please."}
    salesforce.admin("POST", "rules", [rule])
    assert salesforce.refusal("Account", Name="Acme") == ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Not Acme, please.", [])
    assert salesforce.upsert("Account", "Ext__c", {"Ext__c": "1", "Name": "Other"})[0]["success"]
    assert salesforce.admin("DELETE", "rules") == {"rules": []}
    assert salesforce.upsert("Account", "Ext__c", {"Ext__c": "1", "Name": "Acme"})[0]["success"]


def test_a_duplicate_rule_detects_and_a_header_may_overrule_it(salesforce):
    made = salesforce.create("Account", Name="Acme", Phone="1")
    salesforce.admin(
        "POST", "rules", [{"kind": "duplicate", "sobject": "Account", "field": "Phone", "name": "Same_phone"}]
    )
    expected = ("DUPLICATES_DETECTED", "Use one of these records?", [])
    assert salesforce.refusal("Account", Name="B", Phone="1") == expected
    answer = salesforce.call("POST", "sobjects/Account", json={"Name": "B", "Phone": "1"})
    (error,) = answer.json()
    assert (answer.status_code, error["errorCode"]) == (400, "DUPLICATES_DETECTED")
    assert error["duplicateResult"]["duplicateRule"] == "Same_phone"
    assert error["duplicateResult"]["matchResults"][0]["matchRecords"][0]["record"]["Id"] == made
    allow = {"Sforce-Duplicate-Rule-Header": "allowSave=true; runAsCurrentUser=true"}
    answer = salesforce.call("POST", "sobjects/Account", json={"Name": "B", "Phone": "1"}, headers=allow)
    assert answer.status_code == 201
    salesforce.admin("DELETE", "rules")
    blocking = {"kind": "duplicate", "sobject": "Account", "field": "Phone", "action": "block"}
    salesforce.admin("POST", "rules", [blocking])
    answer = salesforce.call("POST", "sobjects/Account", json={"Name": "C", "Phone": "1"}, headers=allow)
    assert answer.status_code == 400


def test_a_rule_with_an_unknown_key_is_refused(salesforce):
    answer = salesforce.http.post(f"{salesforce.url}/_admin/rules", json=[{"sobject": "Account", "colour": 1}])
    assert (answer.status_code, "colour" in answer.json()["error"]) == (400, True)


def test_the_clock_is_set_and_moved(salesforce):
    answer = salesforce.admin("POST", "clock", {"now": "2027-01-01T00:00:00Z"})
    assert answer["now"].startswith("2027-01-01T00:00:00")
    salesforce.admin("POST", "clock", {"advance_seconds": 3600})
    salesforce.log_in()
    made = salesforce.create("Account", Name="A")
    assert salesforce.read("Account", made)["CreatedDate"].startswith("2027-01-01T01:00:0")
    assert salesforce.http.post(f"{salesforce.url}/_admin/clock", json={"tomorrow": 1}).status_code == 400
    assert salesforce.http.post(f"{salesforce.url}/_admin/clock", data="x").status_code == 400


def test_state_shows_counts_and_whole_tables(salesforce):
    kept, gone = (salesforce.create("Account", Name=name) for name in "AB")
    salesforce.call("DELETE", f"sobjects/Account/{gone}")
    assert salesforce.admin("GET", "state")["tables"]["Account"] == {"rows": 1, "deleted": 1}
    table = salesforce.admin("GET", "state/Account")
    assert ([row["Id"] for row in table["rows"]], [row["Id"] for row in table["deleted"]]) == ([kept], [gone])
    assert salesforce.http.get(f"{salesforce.url}/_admin/state/Nope").status_code == 404


def test_requests_are_counted_by_kind_with_the_rows_they_wrote(salesforce):
    salesforce.upsert("Account", "Ext__c", {"Ext__c": "1", "Name": "A"}, {"Ext__c": "2"})
    salesforce.query("SELECT Id FROM Account")
    order(salesforce, "503")
    salesforce.call("GET", "limits")
    listed = salesforce.admin("GET", "requests")
    assert listed["counts"] == {"PATCH composite/sobjects/{object}/{field}": 1, "GET query": 1, "GET limits": 1}
    shown = [(one["method"], one["status"], one["rows"]) for one in listed["requests"]]
    assert shown == [("PATCH", 200, 1), ("GET", 200, 0), ("GET", 503, 0)]
    assert salesforce.admin("DELETE", "requests") == {"counts": {}, "requests": []}


def test_without_being_asked_for_there_is_no_admin_path(salesforce, stage, org):
    stage.app = app(org)
    assert salesforce.http.get(f"{salesforce.url}/_admin/state").status_code == 404
