"""Alerts from beginning to end: real runs and ticks, a real receiver, time as an argument."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.scheduler.instigation import TickStatus
from receiving import Watch, receiving

from pipelines.ledger import Outcome, Verdict
from pipelines.orchestration.alerts import NOBODY, alerts
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.waiting import BLIND

pytestmark = pytest.mark.slow


class Mood(dg.Config):
    fails: bool = False
    passes: bool = True
    says: str = "cannot log in"
    warns: bool = True


@dg.asset(
    key=["salesforce", "Account"], check_specs=[dg.AssetCheckSpec("money_agrees", asset=["salesforce", "Account"])]
)
def account(config: Mood):
    if config.fails:
        raise dg.Failure(config.says)
    severity = dg.AssetCheckSeverity.WARN if config.warns else dg.AssetCheckSeverity.ERROR
    check = dg.AssetCheckResult(passed=config.passes, severity=severity, description="3 invoices differ\nby 12.00 USD")
    return dg.MaterializeResult(check_results=[check])


@dg.op
def unforeseen():
    raise ValueError("could not read 'Jane Doe, 4111 1111 1111 1111'")


@dg.job
def other():
    unforeseen()


definitions = dg.Definitions(
    assets=[account], jobs=[dg.define_asset_job("sync"), dg.define_asset_job("full_resync"), other]
)


@pytest.fixture
def receiver(monkeypatch):
    with receiving() as one:
        monkeypatch.setenv("CO2SF_ALERT_WEBHOOK_URL", one.url)
        monkeypatch.setenv("CO2SF_UI_URL", "https://ui.example/")
        yield one


@pytest.fixture
def watch(desk, receiver):
    return Watch(desk.instance, definitions, receiver)


@pytest.fixture
def daemon(desk, tmp_path, receiver):
    """The watch on a storage that keeps ticks too."""
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        yield Watch(instance, definitions, receiver)


def mood(**config):
    return {"ops": {"salesforce__Account": {"config": config}}}


def standing():
    with Connections().ledger() as ledger:
        return {each.key: each for each in ledger.alerts()}


def test_a_failed_run_is_told_once_reminded_of_after_hours_and_its_success_is_the_all_clear(
    watch, receiver, monkeypatch
):
    monkeypatch.setenv("CO2SF_ALERT_REMIND_HOURS", "1")
    watch.look()
    run_id = watch.run(config=mood(fails=True))
    watch.look(1)
    (text,) = receiver.texts
    assert "Job sync fails" in text
    assert f"run {run_id[:8]}: cannot log in" in text
    assert f"https://ui.example/runs/{run_id}" in text

    for minutes in range(2, 61, 10):
        watch.look(minutes)
    assert len(receiver.texts) == 1
    watch.look(61)
    assert "1 still there" in receiver.texts[1]

    watch.run(config=mood())
    watch.look(62)
    watch.look(66)
    assert len(receiver.texts) == 2
    watch.look(67)
    assert "Job sync fails: over since" in receiver.texts[2]
    assert standing() == {}
    watch.look(200)
    assert len(receiver.texts) == 3


def test_a_restart_with_or_without_the_cursor_neither_repeats_nor_forgets(watch, receiver):
    watch.run(config=mood(fails=True))
    watch.look()

    again = Watch(watch.instance, definitions, receiver, cursor=watch.cursor)
    again.look(1)
    afresh = Watch(watch.instance, definitions, receiver)
    afresh.look(2)
    assert len(receiver.texts) == 1

    afresh.run(config=mood())
    afresh.look(3)
    afresh.look(9)
    assert "over" in receiver.texts[1]


def test_while_the_receiver_is_down_the_tick_says_so_and_nothing_is_lost(watch, receiver):
    receiver.status = 503
    watch.run(config=mood(fails=True))
    said = watch.look()
    assert "the webhook answers 503; the message is kept" in said
    assert "s3cret" not in said
    watch.look(1)

    receiver.status = 200
    watch.look(2)
    watch.look(3)

    (text,) = receiver.texts
    assert "Job sync fails" in text


def test_a_receiver_that_cannot_be_reached_is_named_without_its_address(watch, monkeypatch):
    monkeypatch.setenv("CO2SF_ALERT_WEBHOOK_URL", "http://127.0.0.1:9/hook/s3cret")
    watch.run(config=mood(fails=True))

    said = watch.look()

    assert said.startswith("alerts: the webhook cannot be reached")
    assert "127.0.0.1" not in said
    assert standing()["run:sync"].told_at is None


def test_many_failed_runs_are_one_alert_with_a_count(watch, receiver):
    for _ in range(12):
        watch.run(config=mood(fails=True))
    watch.look()
    watch.run(config=mood(fails=True))
    watch.look(1)

    (text,) = receiver.texts
    assert "12 times" in text
    assert standing()["run:sync"].times == 13


def test_several_problems_at_once_are_one_message(watch, receiver):
    watch.run(config=mood(fails=True))
    watch.run("other")
    watch.run("full_resync", config=mood(passes=False))
    watch.look()

    (text,) = receiver.texts
    assert text.splitlines()[0] == "co2sf problems: 3 new"


def test_an_error_that_nobody_foresaw_does_not_bring_a_customers_value_into_the_message(watch, receiver):
    watch.run("other")
    watch.look()

    (text,) = receiver.texts
    assert "did not foresee" in text
    assert "Jane" not in str(receiver.posted)


def test_a_failed_run_that_dagster_repeats_by_itself_is_not_told(watch, receiver):
    watch.run(config=mood(fails=True), tags={"dagster/will_retry": "true"})
    watch.look()

    assert receiver.texts == []


def test_a_tag_that_an_old_failed_run_is_given_later_is_no_news(watch, receiver):
    failed = watch.run(config=mood(fails=True))
    watch.run(config=mood())
    watch.look(2)
    watch.instance.add_run_tags(failed, {"seen": "by somebody"})
    watch.look(3)

    assert receiver.texts == []


@pytest.mark.parametrize(("warns", "sign", "word"), [(True, "\U0001f7e0", "warns"), (False, "\U0001f534", "fails")])
def test_a_check_is_told_with_its_severity_and_its_words_until_it_passes(watch, receiver, warns, sign, word):
    watch.run(config=mood(passes=False, warns=warns))
    watch.look()
    watch.run("full_resync", config=mood(passes=False, warns=warns))
    watch.look(1)
    (text,) = receiver.texts
    assert f"{sign} Check money_agrees of salesforce/Account {word}" in text
    assert "3 invoices differ by 12.00 USD" in text
    assert "https://ui.example/assets/salesforce/Account?view=checks&checkDetail=money_agrees" in text

    watch.run(config=mood())
    watch.look(2)
    watch.look(8)
    assert "over since" in receiver.texts[1]


def test_alerts_of_a_job_and_a_check_that_are_gone_end(watch, receiver):
    watch.run(config=mood(passes=False))
    watch.run("other")
    watch.look()
    watch.definitions = dg.Definitions(jobs=[dg.define_asset_job("sync")])
    watch.look(1)
    watch.look(7)

    assert receiver.texts[1].splitlines()[0] == "co2sf problems: 2 over"


def test_a_sensor_that_could_not_look_for_minutes_is_told_with_its_reason(daemon, receiver):
    daemon.look(-15)
    for minutes in range(-14, 0):
        daemon.tick(minutes, TickStatus.SKIPPED, f"{BLIND}ChargeOver cannot be reached")
        daemon.look(minutes)
    (text,) = receiver.texts
    assert "for 10 minutes: ChargeOver cannot be reached" in text
    assert "https://ui.example/locations/__repository__@co2sf/sensors/changes" in text

    daemon.tick(1, TickStatus.SKIPPED, "ChargeOver shows no change")
    daemon.look(2)
    daemon.look(8)
    assert "over since" in receiver.texts[1]


def test_ticks_that_fail_and_ticks_that_do_not_come_are_told_and_waiting_is_not(daemon, receiver):
    daemon.look(-30)
    for minutes in range(-29, -15):
        daemon.tick(minutes, TickStatus.SKIPPED, "a sync is under way")
        daemon.look(minutes)
    assert receiver.texts == []
    for minutes in range(-15, 0):
        daemon.look(minutes)
    assert "it has not ticked" in receiver.texts[0]


def test_right_after_a_start_nothing_is_said_of_ticks_that_did_not_come_while_all_was_down(daemon, receiver):
    daemon.tick(-120, TickStatus.SKIPPED, "ChargeOver shows no change")
    daemon.look()

    assert receiver.texts == []


def test_news_that_waits_while_no_sync_succeeds_is_told(daemon, receiver):
    with Connections().ledger() as ledger:
        ledger.note("invoice", [7], "webhook", daemon.begun_at)
    for minutes in range(0, 75, 4):
        daemon.look(minutes)

    (text,) = receiver.texts
    assert "News waits, and no sync succeeds" in text
    assert f"since {daemon.begun_at:%Y-%m-%d %H:%M} UTC" in text


def test_news_that_waits_while_syncs_succeed_is_not_told(daemon, receiver):
    with Connections().ledger() as ledger:
        ledger.note("invoice", [7], "webhook", daemon.begun_at - timedelta(hours=2))
    daemon.run(config=mood())
    for minutes in range(0, 50, 4):
        daemon.look(minutes)

    assert receiver.texts == []


def owe(number, minutes=0):
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    outcomes = [
        Outcome("Invoice__c", str(each), "invoice", each, Verdict.REFUSED, at, code="STRING_TOO_LONG", message="Jane")
        for each in range(number)
    ]
    with Connections().ledger() as ledger:
        ledger.record("run", outcomes, at)


def test_owed_rows_that_become_more_are_told_by_reason_until_they_become_no_more(daemon, receiver):
    owe(24)
    daemon.look()
    assert receiver.texts == []
    owe(30, minutes=1)
    daemon.look(2)
    (text,) = receiver.texts
    assert "30 rows have come to be owed within the last hour and still are: 30 Invoice__c STRING_TOO_LONG" in text
    assert "Jane" not in text

    daemon.look(63)
    daemon.look(70)
    assert "over since" in receiver.texts[1]


def test_calls_that_will_run_out_and_calls_that_have_are_told(world, watch, receiver, monkeypatch):
    with Connections().ledger() as ledger:
        budget = Connections().budget(ledger, "live")
        budget.told(10, 1_000)
        ledger.spend(budget._account, "live", 300, datetime.now(UTC))
    watch.look(1)
    assert "Salesforce calls will run out" in receiver.texts[0]

    with Connections().ledger() as ledger:
        ledger.spend(budget._account, "live", 200, datetime.now(UTC))
    watch.look(2)
    assert standing()["quota"].title == "Salesforce calls are used up"


def test_without_an_address_the_sensor_says_that_nobody_is_told_and_keeps_nothing(desk):
    desk_watch = Watch(desk.instance, definitions, None)
    desk_watch.run(config=mood(fails=True))
    context = dg.build_sensor_context(
        instance=desk.instance,
        repository_def=definitions.get_repository_def(),
        resources={"connections": Connections()},
    )

    assert alerts(context).skip_message == NOBODY
    assert standing() == {}


def test_a_wrong_address_is_a_reason_to_skip_that_does_not_show_it(desk, monkeypatch):
    monkeypatch.setenv("CO2SF_ALERT_WEBHOOK_URL", "hooks.example/s3cret")
    context = dg.build_sensor_context(
        instance=desk.instance,
        repository_def=definitions.get_repository_def(),
        resources={"connections": Connections()},
    )

    said = alerts(context).skip_message

    assert "CO2SF_ALERT_WEBHOOK_URL is wrong: must be an address that begins with https://" in said
    assert "s3cret" not in said


def test_a_sync_that_cannot_log_in_is_told_by_the_real_definitions(world, live, receiver):
    watch = Watch(live.instance, live.definitions(), receiver)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SALESFORCE_CLIENT_SECRET", "wrong")
        assert not live.run("chargeover/customer", "mapped/customers", "salesforce/Account").success
    watch.look()
    assert "Job sync fails" in receiver.texts[0]
    assert live.run("chargeover/customer", "mapped/customers", "salesforce/Account").success
    watch.look(1)
    watch.look(7)
    assert "Job sync fails: over since" in receiver.texts[1]
