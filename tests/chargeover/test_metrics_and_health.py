"""What the receiver tells who watches it: /metrics in Prometheus' words, and /health."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from pipelines.chargeover.receiver import receiver
from pipelines.ledger import Outcome, Verdict, open_ledger
from pipelines.settings import SalesforceSettings
from pipelines.sync.health import troubles
from pipelines.sync.metrics import Metrics
from sandbox.serving import serve

now = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
account, org = "https://example.chargeover.com/", "https://example.my.salesforce.com/"


def minutes(ago):
    return now - timedelta(minutes=ago)


@pytest.fixture
def ledger(tmp_path):
    with open_ledger(f"sqlite:///{tmp_path}/ledger.db") as opened:
        yield opened


@pytest.fixture
def watched(ledger):
    """The address of a receiver over the ledger, at a fixed time."""
    settings = SalesforceSettings(url=org, client_id="x", client_secret="x", _env_file=None)
    app = receiver(
        "secret",
        lambda name, ids, by: ledger.note(name, ids, by, now),
        troubles=lambda: troubles(ledger, now, timedelta(minutes=15)),
        metrics=[Metrics(ledger, account, settings, lambda: now)],
    )
    with serve(app) as running:
        yield running.url


def metrics(url):
    """Every sample by name and by the values of its labels, in the order of their names."""
    answer = requests.get(f"{url}/metrics", timeout=10)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name.removeprefix("co2sf_"), {})[
                " ".join(sample.labels[name] for name in sorted(sample.labels))
            ] = sample.value
    return found


def health(url):
    answer = requests.get(f"{url}/health", timeout=10)
    return answer.status_code, answer.json()


def lose(ledger):
    """The tables of the ledger are gone, as when its disk is."""
    with ledger._engine.begin() as connection:
        for name in ("inbox", "owed"):
            connection.execute(text(f"DROP TABLE ledger_{name}"))


def test_deliveries_are_counted_by_outcome(watched):
    told = {"security_token": "secret", "context_str": "invoice", "context_id": 7}
    requests.post(watched, json=told, headers={"X-ChargeOver-Key": "secret"}, timeout=10)
    requests.post(watched, json=told, timeout=10)

    assert metrics(watched)["webhook_deliveries_total"] == {"received": 1, "refused": 1, "unknown": 0, "failed": 0}
    assert health(watched)[1]["deliveries"] == {"received": 1, "refused": 1, "unknown": 0, "failed": 0}


def test_the_inbox_is_told_by_object_with_the_age_of_its_oldest_hint(ledger, watched):
    assert metrics(watched)["inbox_oldest_seconds"] == {"": 0}
    ledger.note("invoice", [1, 2], "webhook", minutes(1))
    ledger.note("customer", [1], "watch", minutes(3))

    assert metrics(watched)["inbox_hints"] == {"invoice": 2, "customer": 1}
    assert metrics(watched)["inbox_oldest_seconds"] == {"": 180}


def test_owed_rows_are_told_by_what_is_done_about_them_and_the_last_run_by_verdict(ledger, watched):
    def outcome(record_id, verdict, code=""):
        message = "Name: 'Acme Corp' is taken"
        return Outcome("Account", str(record_id), "customer", record_id, verdict, minutes(9), "f", code=code,
                       message=message)  # fmt: skip

    ledger.record("first", [outcome(1, Verdict.CREATED)], minutes(8))
    outcomes = [outcome(2, Verdict.REFUSED, "STRING_TOO_LONG"), outcome(3, Verdict.REFUSED, "INVALID_EMAIL_ADDRESS"),
                outcome(4, Verdict.REJECTED, "REJECTED"), outcome(5, Verdict.HELD, "NO_PARENT"),
                outcome(6, Verdict.CREATED)]  # fmt: skip
    ledger.record("last", outcomes, minutes(7))

    assert metrics(watched)["owed_rows"] == {
        "refuse Account refused": 2, "reject Account rejected": 1, "hold Account held": 1,
    }  # fmt: skip
    assert metrics(watched)["last_run_rows"] == {
        "Account created": 1, "Account held": 1, "Account refused": 2, "Account rejected": 1,
    }  # fmt: skip
    assert "Acme" not in requests.get(f"{watched}/metrics", timeout=10).text


def test_watermarks_are_told_with_the_object_that_they_are_of(ledger, watched):
    ledger.advance("run", "Line__c", minutes(2), "invoice.line_items abc", now, 0)

    assert metrics(watched)["watermark_age_seconds"] == {"invoice Line__c": 120}


def test_calls_are_told_by_signal_and_by_lane_with_what_is_left(ledger, watched):
    for signal, ago in (("cursor", 2), ("cursor", 1), ("touched", 1), ("cursor", 0)):
        ledger.spend(account, signal, 5, minutes(ago))
    ledger.learn(org, {"calls_allowed": "1000"}, now)
    ledger.spend(org, "live", 100, minutes(60))
    ledger.spend(org, "backfill", 50, minutes(30))

    told = metrics(watched)
    assert told["chargeover_calls_last_minute"] == {"cursor": 5, "touched": 5}
    assert told["salesforce_calls_24h"] == {"live": 100, "backfill": 50}
    assert told["salesforce_calls_left"] == {"live": 350, "backfill": 200}


def test_health_is_ok_while_hints_are_followed_and_degraded_once_one_waits_too_long(ledger, watched):
    ledger.note("invoice", [1], "webhook", minutes(14))
    assert health(watched) == (200, health(watched)[1])
    assert (health(watched)[1]["status"], health(watched)[1]["reasons"]) == ("ok", [])
    ledger.note("customer", [1, 2], "webhook", minutes(16))

    status, told = health(watched)
    assert (status, told["status"]) == (503, "degraded")
    (reason,) = told["reasons"]
    assert reason.startswith("inbox: 2 of customer wait, the oldest for 16 min; see that the sensor changes is on")


def test_a_ledger_that_does_not_answer_is_told_and_nothing_else_of_it(ledger, watched):
    assert metrics(watched)["ledger_up"] == {"": 1}
    lose(ledger)

    assert metrics(watched)["ledger_up"] == {"": 0}
    assert "owed_rows" not in metrics(watched)
    status, told = health(watched)
    assert (status, told["status"]) == (503, "degraded")
    assert told["reasons"][0].startswith("ledger sqlite:///")
