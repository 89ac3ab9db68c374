"""Trouble on request and the rest of the admin path."""

import json

import pytest
import requests

from sandbox import chargeover
from sandbox.serving import serve


def test_refusals_come_as_often_as_ordered_and_no_more(account):
    account.admin("faults", [{"kind": "429"}, {"kind": "429_retry_after", "seconds": 7}, {"kind": "500", "count": 2}])
    answers = [account.ask("GET", "customer") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [429, 429, 500, 500, 200]
    assert [answer.headers.get("Retry-After") for answer in answers[:2]] == [None, "7"]


def test_a_fault_may_strike_every_nth_request_alone(account):
    account.admin("faults", [{"kind": "503", "path": "customer", "every": 3, "count": 2}])
    statuses = [account.ask("GET", "customer").status_code for _ in range(9)]
    assert statuses == [200, 200, 503, 200, 200, 503, 200, 200, 200]


def test_html_pages_and_cut_answers_are_no_json(account):
    account.customer()
    account.admin("faults", [{"kind": "html"}, {"kind": "502"}, {"kind": "503"}, {"kind": "cut_json"}])
    html, bad, down, cut = (account.ask("GET", "customer/1") for _ in range(4))
    assert (html.status_code, bad.status_code, down.status_code, cut.status_code) == (503, 502, 503, 200)
    assert html.headers["Content-Type"].startswith("text/html")
    for answer in (html, cut):
        with pytest.raises(json.JSONDecodeError):
            answer.json()


def test_a_fault_waits_for_its_method_and_path(account):
    account.admin("faults", [{"kind": "503", "method": "POST", "path": "action=cancel"}])
    package = account.package(account.customer(), account.item())
    assert account.ask("POST", f"package/{package}?action=cancel", {}).status_code == 503
    assert account.get(f"package/{package}")["cancel_datetime"] is None


def test_a_dropped_request_did_nothing_and_a_lost_answer_did(account):
    for kind, customers in (("drop", 0), ("lost_answer", 1)):
        account.admin("faults", [{"kind": kind}])
        with pytest.raises(requests.ConnectionError):
            requests.post(
                f"{account.url}/api/v3/customer", json={"company": "Lost"}, timeout=5,
                auth=("sandbox-public-key", "sandbox-private-key"),
            )  # fmt: skip
        assert account.get("customer/_count") == customers


def test_a_slow_answer_comes_in_the_end(account):
    account.admin("faults", [{"kind": "slow", "seconds": 0.3}])
    answer = account.ask("GET", "customer")
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.3


def test_an_outage_may_answer_that_there_is_nothing(account):
    customer = account.customer()
    account.admin("faults", [{"kind": "empty", "count": 4}])
    assert account.customer() == customer + 1, "what writes is no part of it"
    assert account.get("customer") == []
    assert account.get("customer/_count") == 0
    assert account.refused(404, "GET", f"customer/{customer}") == "This customer does not exist."
    account.refused(400, "GET", "customer", where="nonsense:EQUALS:1")
    assert len(account.get("customer")) == 2
    assert [each["status"] for each in account.admin("requests")["last"][-5:]] == ["empty"] * 4 + [200]


def test_a_fault_may_hit_only_those_who_ask_for_much(account):
    account.customer()
    account.admin("faults", [{"kind": "503", "over_limit_of": 100, "count": 2}])
    assert [account.ask("GET", "customer", limit=limit).status_code for limit in (500, 100, 101, 500)] == [
        503, 200, 503, 200,
    ]  # fmt: skip
    account.admin("faults", [{"kind": "slow", "seconds": 0.15, "over_limit_of": 100}])
    for path, limit in (("customer", 100), ("customer/_count", ""), ("customer/1", "many")):
        account.ask("GET", path, limit=limit)
    assert account.ask("GET", "customer", limit=101).elapsed.total_seconds() >= 0.15


def test_refusals_bear_the_time_of_the_company(account):
    account.admin("faults", [{"kind": "503"}, {"kind": "html"}, {"kind": "empty"}])
    for _ in range(3):
        assert account.ask("GET", "customer").headers["Date"] == "Tue, 10 Mar 2026 18:00:00 GMT"


@pytest.mark.parametrize(
    "order",
    [
        [{"kind": "explode"}],
        [{"count": 1}],
        [{"kind": "500", "colour": 1}],
        ["500"],
        [{"kind": "500", "over_limit_of": "many"}],
    ],
)
def test_an_unknown_fault_is_refused_in_words(account, order):
    answer = requests.post(f"{account.url}/_admin/faults", json=order, timeout=5)
    assert answer.status_code == 400
    assert "fault" in answer.json()["error"]


def test_requests_are_counted_by_method_and_kind_of_path(account):
    customer = account.customer()
    account.get(f"customer/{customer}")
    account.get("customer", where="customer_id:GT:0")
    account.admin("faults", [{"kind": "429"}])
    account.ask("GET", "customer")
    seen = account.admin("requests")
    assert seen["counts"] == {"POST /api/v3/customer": 1, "GET /api/v3/customer/{id}": 1, "GET /api/v3/customer": 2}
    assert seen["last"][2]["query"] == "where=customer_id%3AGT%3A0"
    assert [each["status"] for each in seen["last"]] == [201, 200, 200, "429"]


def test_state_shows_counts_and_whole_tables(account):
    customer = account.customer()
    invoice = account.invoice(customer)
    account.pay(customer, 10, applied_to=[{"invoice_id": invoice}])
    counts = account.admin("state")
    assert (counts["invoice"], counts["invoice.line_items"], counts["transaction.applied_to"]) == (1, 1, 1)
    assert account.admin("state/invoice") == [account.get(f"invoice/{invoice}")]
    assert requests.get(f"{account.url}/_admin/state/nothing", timeout=5).status_code == 404


def test_the_clock_is_set_and_moved(account):
    assert account.admin("clock", {"now": "2026-07-01T00:00:00-05:00"}) == {"now": "2026-07-01T05:00:00+00:00"}
    assert account.admin("clock", {"advance_seconds": 90}) == {"now": "2026-07-01T05:01:30+00:00"}
    customer = account.customer()
    assert account.get(f"customer/{customer}")["write_datetime"] == "2026-07-01T00:01:30-05:00"
    answer = requests.post(f"{account.url}/_admin/clock", json={"now": "tomorrow"}, timeout=5)
    assert answer.status_code == 400


def test_settings_are_switched_while_it_runs(account):
    customer = account.customer()
    account.admin("settings", {"datetimes": "zoneless"})
    assert account.get(f"customer/{customer}")["write_datetime"] == "2026-03-10 13:00:00"
    account.admin("settings", {"datetimes": "offset", "zone": "Europe/Berlin"})
    assert account.get(f"customer/{customer}")["write_datetime"] == "2026-03-10T19:00:00+01:00"
    answer = requests.post(f"{account.url}/_admin/settings", json={"colour": "red"}, timeout=5)
    assert "no switch is called colour" in answer.json()["error"]


@pytest.mark.parametrize(
    ("now", "written"),
    [
        ("2026-11-01T06:30:00Z", "2026-11-01T01:30:00-05:00"),
        ("2026-11-01T07:30:00Z", "2026-11-01T01:30:00-06:00"),
        ("2026-03-08T08:00:00Z", "2026-03-08T03:00:00-05:00"),
    ],
)
def test_the_hours_around_a_change_of_daylight_saving(account, now, written):
    account.admin("clock", {"now": now})
    customer = account.customer()
    assert account.get(f"customer/{customer}")["mod_datetime"] == written
    escaped = written.replace(":", "\\:")
    assert account.get("customer/_count", where=f"mod_datetime:EQUALS:{escaped}") == 1


def test_without_admin_there_is_no_admin_path(company):
    with serve(chargeover.app(company)) as running:
        assert requests.get(f"{running.url}/_admin/state", timeout=5).status_code == 404


def test_an_app_without_a_clock_of_its_own_gets_a_date(stage):
    async def silent(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    stage.app = silent
    assert requests.get(stage.url, timeout=5).headers["Date"].endswith(" GMT")


def test_a_taken_port_is_an_error(stage):
    with pytest.raises(OSError, match="in use"):
        serve(stage, int(stage.url.rpartition(":")[2]))
