"""A tick of the sensor lasts: what it sees meanwhile, what it waits for, and what ends it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import dagster as dg
import pytest

from pipelines.orchestration import lookout
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import lane_tag
from pipelines.orchestration.sensor import changes, why

pytestmark = pytest.mark.slow


@pytest.fixture
def customers():
    return 3


@pytest.fixture
def synced(live, monkeypatch):
    """Only customers are mapped, and all of them have landed; ChargeOver is not asked again for an hour."""
    monkeypatch.setenv("CHARGEOVER_POLL_SECONDS", "3600")
    live.keep("customers")
    assert live.run().success
    return live


def tick(desk, seconds, monkeypatch):
    monkeypatch.setattr(lookout, "tick_seconds", seconds)
    context = dg.build_sensor_context(
        instance=desk.instance,
        repository_def=desk.definitions().get_repository_def(),
        resources={"connections": Connections()},
        cursor=str(time.time()),
    )
    return changes(context)


@contextmanager
def meanwhile(seconds, deed) -> Iterator[None]:
    """The deed is done while the tick lasts."""
    timer = threading.Timer(seconds, deed)
    timer.start()
    yield
    timer.join()


def hint():
    with Connections().ledger() as ledger:
        ledger.note("customer", [1], "webhook", datetime.now(UTC))


def in_flight(desk, **tags):
    job = desk.definitions().resolve_job_def("sync")
    return desk.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED, tags=tags)


def succeeded(run):
    return dg.DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, run.job_name)


def test_a_hint_that_comes_while_the_tick_lasts_ends_it_with_a_request(synced, monkeypatch):
    with meanwhile(0.5, hint):
        request = tick(synced, 60, monkeypatch)

    assert request.tags == {"why": "webhook: customer"}


def test_an_idle_tick_asks_chargeover_for_nothing_but_its_clock(world, synced, monkeypatch):
    before = world.chargeover("requests")["counts"]

    assert tick(synced, 1.5, monkeypatch).skip_message == "ChargeOver shows no change"

    after = world.chargeover("requests")["counts"]
    assert {kind for kind in after if after[kind] != before.get(kind)} <= {"GET /api/v3/customer"}


def test_chargeover_is_asked_again_within_a_tick(world, synced, monkeypatch):
    monkeypatch.setenv("CHARGEOVER_POLL_SECONDS", "1")
    time.sleep(1.1)  # ChargeOver tells times by the second
    with meanwhile(1.5, lambda: world.create("customer", company="New")):
        request = tick(synced, 60, monkeypatch)

    assert request.tags == {"why": "cursor: customer"}


def test_what_changes_while_a_run_is_in_flight_is_asked_for_when_it_ends(synced, monkeypatch):
    run = in_flight(synced)
    hint()
    assert tick(synced, 0.6, monkeypatch).skip_message == "a sync is under way"

    with meanwhile(0.5, lambda: synced.instance.report_dagster_event(succeeded(run), run.run_id)):
        assert tick(synced, 60, monkeypatch).tags == {"why": "webhook: customer"}


def test_a_backfill_in_flight_keeps_no_change_waiting(synced, monkeypatch):
    in_flight(synced, **{lane_tag: "backfill"})
    hint()

    assert tick(synced, 0, monkeypatch).tags == {"why": "webhook: customer"}


def test_a_tick_ends_when_its_code_server_does(synced, monkeypatch):
    ended = threading.Event()
    threading.Thread(target=ended.wait, name="grpc-server-cleanup").start()

    with meanwhile(0.5, ended.set):
        assert tick(synced, 600, monkeypatch).skip_message == "ChargeOver shows no change"


def test_the_reason_of_a_run_names_signals_and_objects_in_few_words():
    news = {"invoice": "webhook", "customer": "cursor", "package": "webhook"}
    assert why(news) == "webhook: invoice, package; cursor: customer"
    assert why(dict.fromkeys("abcdef", "first sync")) == "first sync: a, b, c, d and 2 more"
