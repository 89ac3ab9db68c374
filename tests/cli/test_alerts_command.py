"""co2sf alerts: the problems that stand, the test message, and the dismissal of one."""

import json
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from pipelines.ledger import open_ledger
from pipelines.ledger.alerts import Alert
from pipelines.settings import ProjectSettings, read_settings
from sandbox.serving import serve


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def hook(monkeypatch):
    """What is posted to a webhook."""
    posted = []

    async def take(request):
        posted.append(await request.json())
        return Response("no" if "gone" in request.url.path else "ok", 404 if "gone" in request.url.path else 200)

    with serve(Starlette(routes=[Route("/{path}", take, methods=["POST"])])) as running:
        monkeypatch.setenv("CO2SF_ALERT_WEBHOOK_URL", f"{running.url}/s3cret")
        yield posted


@pytest.fixture
def stands(home):
    alert = Alert("run:full_resync", "error", "Job full_resync fails", "cut off", "look", "", "1a2b", 3,
                  datetime.now(UTC), None, None)  # fmt: skip
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        ledger.keep_alerts([alert])


def test_without_problems_it_says_so_and_that_nobody_would_be_told(home, co2sf):
    told = co2sf("alerts")

    assert told.code == 0
    assert "No problem stands." in told.out
    assert "CO2SF_ALERT_WEBHOOK_URL is not set" in told.out


def test_what_stands_is_shown_with_what_to_do_and_ends_with_one(stands, hook, co2sf):
    told = co2sf("alerts", "--json")

    assert told.code == 1
    (shown,) = json.loads(told.out)
    assert (shown["key"], shown["times"], shown["told"], shown["what to do"]) == (
        "run:full_resync",
        3,
        "not yet",
        "look",
    )
    assert hook == []


def test_a_problem_that_nobody_will_repeat_can_be_dismissed(stands, co2sf):
    assert "no such problem stands" in co2sf("alerts", "--dismiss", "run:sync").err
    assert co2sf("alerts", "--dismiss", "run:full_resync").code == 0
    told = co2sf("alerts")
    assert (told.code, "over, perhaps" in told.out) == (0, True)


def test_a_test_message_is_posted(home, hook, co2sf):
    assert co2sf("alerts", "--test").out == "The webhook took the test message.\n"
    assert "a test" in hook[0]["text"]


def test_a_webhook_that_is_gone_or_not_set_is_said_in_one_line(home, hook, co2sf, monkeypatch):
    import os

    monkeypatch.setenv("CO2SF_ALERT_WEBHOOK_URL", f"{os.environ['CO2SF_ALERT_WEBHOOK_URL']}-gone")
    told = co2sf("alerts", "--test")
    assert (told.code, "answers 404" in told.err, "s3cret" in told.err) == (2, True, False)

    monkeypatch.setenv("CO2SF_ALERT_WEBHOOK_URL", "")
    assert "is not set" in co2sf("alerts", "--test").err
