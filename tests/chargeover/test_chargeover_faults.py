"""What can go wrong on the way to ChargeOver: one clear line of the right class, and work again once it has passed."""

import json
import socket
from time import monotonic

import pytest
import requests

from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.session import Patience
from pipelines.errors import EditFile, FixAccess, TryLater
from pipelines.settings import ChargeOverSettings, read_settings
from pipelines.sync.accounts import chargeover_of

json_type, html = "application/json", "text/html"
page = "<html><body><h1>Log in</h1></body></html>"
envelope = '{"code":%d,"status":"Error","message":"%s","details":{},"response":false}'
quick = Patience(repeats=1, first_wait_seconds=0.001)


def fails(kind, call):
    with pytest.raises(kind) as stopped:
        call()
    assert stopped.type is kind or issubclass(stopped.type, kind)
    text = str(stopped.value)
    assert "\n" not in text
    assert "sandbox-private-key" not in text
    return text


def client(url, **options):
    return ChargeOver(url, "sandbox-public-key", "sandbox-private-key", **{"patience": quick, **options})


def test_missing_settings_are_all_named_at_once(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("URL", "PUBLIC_KEY", "PRIVATE_KEY"):
        monkeypatch.delenv(f"CHARGEOVER_{name}", raising=False)

    text = fails(FixAccess, lambda: read_settings(ChargeOverSettings))

    assert all(f"CHARGEOVER_{name}" in text for name in ("URL", "PUBLIC_KEY", "PRIVATE_KEY"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "chargeover dot com"), ("URL", "ftp://acme.example"), ("ZONE", "Mars/Olympus"),
        ("OVERLAP_SECONDS", "0"), ("CALLS_PER_MINUTE", "0"), ("SWEEP_CALLS_PER_MINUTE", "0"),
        ("WATCH_CALLS_PER_MINUTE", "-1"), ("LOOK_EVERY_SECONDS", "0"), ("SWEEP_EVERY_HOURS", "0"),
        ("CLOCK_TOLERANCE_SECONDS", "0"), ("DELETES_AT_MOST_PERCENT", "101"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named(monkeypatch, tmp_path, name, value):
    monkeypatch.chdir(tmp_path)
    good = {"URL": "https://acme.chargeover.com", "PUBLIC_KEY": "a", "PRIVATE_KEY": "b"}
    for each, text in (good | {name: value}).items():
        monkeypatch.setenv(f"CHARGEOVER_{each}", text)

    assert f"CHARGEOVER_{name} is wrong" in fails(FixAccess, lambda: read_settings(ChargeOverSettings))


@pytest.mark.parametrize(("written", "secret"), [("", None), ("s3cret", "s3cret")])
def test_a_blank_webhook_secret_is_none_which_nobody_can_send(monkeypatch, tmp_path, written, secret):
    monkeypatch.chdir(tmp_path)
    good = {"URL": "https://acme.chargeover.com", "PUBLIC_KEY": "a", "PRIVATE_KEY": "b", "WEBHOOK_SECRET": written}
    for each, text in good.items():
        monkeypatch.setenv(f"CHARGEOVER_{each}", text)

    found = read_settings(ChargeOverSettings).webhook_secret

    assert (found and found.get_secret_value()) == secret


def test_settings_lead_to_the_account_that_they_name(monkeypatch, tmp_path, stage):
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "URL": stage.url,
        "PUBLIC_KEY": "sandbox-public-key",
        "PRIVATE_KEY": "sandbox-private-key",
    }.items():
        monkeypatch.setenv(f"CHARGEOVER_{name}", value)

    assert chargeover_of(read_settings(ChargeOverSettings)).count("customer", []) == 0


@pytest.mark.parametrize("key", ["wrong", "", "пароль-…"], ids=["wrong", "empty", "not Latin"])
def test_a_wrong_key_is_an_access_to_fix(stage, key):
    text = fails(FixAccess, lambda: ChargeOver(stage.url, "sandbox-public-key", key).get("customer", 1))

    assert "HTTP 401" in text
    assert "CHARGEOVER_PUBLIC_KEY and CHARGEOVER_PRIVATE_KEY" in text


def test_a_refused_port_says_that_nobody_listens_there():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

    text = fails(TryLater, lambda: client(f"http://127.0.0.1:{port}").get("customer", 1))

    assert f"ChargeOver at http://127.0.0.1:{port}/api/v3 cannot be reached" in text
    assert "Connection refused" in text


def test_a_connection_that_breaks_each_time_says_how(stage):
    account = client(stage.url)
    account.now()
    order_fault(stage, kind="drop", count=9)

    text = fails(TryLater, lambda: account.get("customer", 1))

    assert "cannot be reached: Remote end closed" in text or "cannot be reached: Connection reset by peer" in text


def test_an_unknown_host_is_named():
    text = fails(TryLater, lambda: client("https://no-such-tenant.invalid").get("customer", 1))

    assert "https://no-such-tenant.invalid/api/v3 cannot be reached" in text
    assert "check CHARGEOVER_URL and the network" in text


def test_a_server_that_never_answers_is_given_up_in_time():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        start = monotonic()
        text = fails(TryLater, lambda: client(url, timeout_seconds=(0.2, 0.2)).get("customer", 1))

    assert "timed out" in text
    assert monotonic() - start < 5


@pytest.mark.parametrize(
    ("kind", "answer", "words"),
    [
        (FixAccess, (200, html, page), "a web page instead of JSON ('<html><body><h1>Log in"),
        (FixAccess, (403, html, page), "HTTP 403, a web page"),
        (FixAccess, (404, html, page), "404 without ChargeOver's envelope"),
        (FixAccess, (404, json_type, '{"error": "no route"}'), "not ChargeOver's envelope"),
        (TryLater, (502, html, page), "HTTP 502, a web page"),
        (TryLater, (429, html, page), "HTTP 429, a web page"),
        (FixAccess, (401, json_type, ""), "HTTP 401, no message"),
        (FixAccess, (403, "text/plain", "Forbidden"), "HTTP 403, 'Forbidden'"),
        (TryLater, (503, "text/plain", ""), "HTTP 503, no message"),
        (TryLater, (500, json_type, envelope % (500, "Oops")), "HTTP 500, Oops"),
        (TryLater, (429, json_type, envelope % (429, "Slow down")), "HTTP 429, Slow down"),
        (TryLater, (200, json_type, ""), "not whole JSON"),
        (TryLater, (200, json_type, '{"code":200,"respon'), "not whole JSON"),
        (TryLater, (200, json_type, "[" * 20_000), "not whole JSON"),
        (FixAccess, (200, json_type, '{"hello": "world"}'), "not ChargeOver's envelope"),
        (FixAccess, (200, json_type, "[1, 2]"), "not ChargeOver's envelope"),
        (FixAccess, (200, json_type, '"hello"'), "not ChargeOver's envelope"),
        (FixAccess, (200, json_type, '{"code":200,"response":[1]}'), "no list of records"),
        (FixAccess, (200, json_type, '{"code":200,"response":"hello"}'), "no list of records"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_one_clear_line_and_nothing_is_taken(stage, kind, answer, words):
    account = client(stage.url)
    account.now()
    stage.canned = [answer] * 4

    text = fails(kind, lambda: account.get("customer", 1))

    assert words in text
    assert text.startswith("ChargeOver ")
    stage.canned = []
    assert account.get("customer", 1).rows == []  # the same client works once it has passed


def test_a_missing_record_and_a_wrong_address_are_never_taken_for_one_another(stage):
    """A record that is gone may be deleted in Salesforce: only ChargeOver's own 404 says so."""
    account = client(stage.url)

    assert account.get("invoice", 4711).rows == []
    fails(FixAccess, lambda: client(f"{stage.url}/somewhere").get("invoice", 4711))


@pytest.mark.parametrize(
    "kind", ["429", "429_retry_after", "500", "502", "503", "html", "cut_json", "drop", "lost_answer"]
)
def test_a_fault_that_passes_is_waited_out(chargeover, desk, stage, kind):
    made = desk.customers(3)
    chargeover.now()
    order_fault(stage, kind=kind, count=2, seconds=0)

    assert [row["customer_id"] for row in chargeover.page("customer", []).rows] == made


def order_fault(stage, **fault):
    requests.post(f"{stage.url}/_admin/faults", json=[{"path": "/api/v3", **fault}], timeout=5).raise_for_status()


def test_a_wait_that_nobody_stated_doubles(stage):
    waits = Patience(first_wait_seconds=0.02)
    account = client(stage.url, patience=waits)
    account.now()
    stage.canned = [(503, json_type, envelope % (503, "Down"))] * 3
    start = monotonic()

    account.count("customer", [])

    assert monotonic() - start >= 0.04 + 0.08


def test_an_answer_that_is_always_cut_is_asked_for_three_times(stage):
    account = client(stage.url, patience=Patience(first_wait_seconds=0.001))
    account.now()
    stage.canned = [(200, json_type, '{"code":200,"respon')] * 9
    calls = len(stage.asked)

    fails(TryLater, lambda: account.get("customer", 1))

    assert len(stage.asked) - calls == 3


def test_retry_after_is_obeyed(chargeover, stage):
    chargeover.now()
    order_fault(stage, kind="429_retry_after", seconds=1)
    start = monotonic()

    chargeover.page("customer", [])

    assert monotonic() - start >= 1


def test_a_wait_of_an_hour_is_left_to_the_next_run(chargeover, stage):
    chargeover.now()
    order_fault(stage, kind="429_retry_after", seconds=3600)
    start = monotonic()

    text = fails(TryLater, lambda: chargeover.page("customer", []))

    assert "HTTP 429" in text
    assert monotonic() - start < 5


def test_a_fault_that_stays_stops_after_a_few_tries(stage):
    account = client(stage.url)
    account.now()
    calls = len(stage.asked)
    stage.canned = [(503, json_type, envelope % (503, "Down"))] * 9

    fails(TryLater, lambda: account.page("customer", []))

    assert len(stage.asked) - calls == 2


def test_a_refused_question_is_not_asked_again(chargeover, stage):
    chargeover.now()
    calls = len(stage.asked)

    with pytest.raises(Exception, match="HTTP 400") as refused:
        chargeover.page("invoices", [])

    assert not isinstance(refused.value, EditFile | FixAccess | TryLater)
    assert len(stage.asked) - calls == 1


@pytest.mark.parametrize("status", [408, 409, 421, 425])
def test_only_a_bad_request_is_taken_for_a_question_that_chargeover_refuses(chargeover, stage, status):
    stage.canned = [(status, "application/json", json.dumps({"message": "Not now", "response": False}))] * 20
    with pytest.raises(TryLater):
        chargeover.count("customer", [])
