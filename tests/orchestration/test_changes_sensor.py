"""The sensor that starts a sync: when it asks for a run, for which assets, and when it waits."""

import time
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from pipelines.orchestration import live_runs, lookout
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.sensor import changes

pytestmark = pytest.mark.slow


@pytest.fixture
def customers():
    return 3


@pytest.fixture
def tick(live, monkeypatch):
    """One evaluation of the sensor, one look long unless a test says otherwise, over the definitions as they stand (or
    as they were loaded)."""
    monkeypatch.setattr(lookout, "tick_seconds", 0)

    def evaluate(definitions=None):
        repository = (definitions or live.definitions()).get_repository_def()
        context = dg.build_sensor_context(
            instance=live.instance, repository_def=repository, resources={"connections": Connections()}
        )
        return changes(context)

    return evaluate


def later(monkeypatch, passed):
    """The clock by which the sensor waits, moved on."""

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz or UTC) + passed

    for module in (live_runs, lookout):
        monkeypatch.setattr(module, "datetime", Later)


def assets(request):
    return {key.to_user_string() for key in request.asset_selection}


def test_the_first_tick_asks_for_everything(tick):
    asked = assets(tick())
    assert {"chargeover/item", "mapped/quotes", "salesforce/Account", "salesforce/ChargeOver_Bank_Account__c"} <= asked


def test_what_the_sensor_asks_for_is_paced(live, tick):
    assert tick().run_config["ops"]["extract"]["config"] == {"paced": True}


def test_no_run_is_asked_for_while_nothing_changes(live, tick):
    live.run()

    assert tick().skip_message == "ChargeOver shows no change"


def test_a_change_asks_for_a_run_over_the_object_that_changed_and_those_it_may_touch(world, live, tick):
    live.run()
    world.create("customer", company="New")

    asked = assets(tick())

    assert asked == {"chargeover/customer", "mapped/customers", "salesforce/Account"}
    world.chargeover("clock", {"advance_seconds": 5})  # ChargeOver tells times by the second
    live.run(*asked)
    assert len(world.rows("Account")) == 4
    assert tick().skip_message == "ChargeOver shows no change"


def test_an_invoice_asks_for_its_subscription_and_its_customer_too(world, live, tick):
    live.run()
    world.create("invoice", customer_id=1, line_items=[{"item_id": 1, "line_rate": 5, "line_quantity": 1}])

    read = {asset for asset in assets(tick()) if asset.startswith("chargeover/")}
    assert read == {f"chargeover/{name}" for name in ("invoice", "package", "customer")}


def test_a_hint_asks_for_a_run_until_it_was_followed(live, tick):
    live.run()
    with Connections().ledger() as ledger:
        ledger.note("item", [1], "webhook", datetime.now(UTC))

    request = tick()
    assert assets(request) == {"chargeover/item", "mapped/products", "salesforce/Product2"}
    assert request.tags == {"why": "webhook: item"}
    live.run(*assets(request))
    assert tick().skip_message == "ChargeOver shows no change"


def test_no_run_is_asked_for_while_one_is_under_way(world, live, tick):
    live.run()
    world.create("customer", company="New")
    job = live.definitions().resolve_job_def("sync")
    live.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)

    assert tick().skip_message == "a sync is under way"


def test_lists_that_change_without_a_sign_are_looked_at_every_ten_minutes(world, live, tick):
    before = world.chargeover("clock", {})["now"]
    live.run()
    after = world.chargeover("clock", {})["now"]

    world.chargeover("clock", {"now": before, "advance_seconds": 590})  # however long the run took
    assert tick().skip_message == "ChargeOver shows no change"
    world.chargeover("clock", {"now": after, "advance_seconds": 600})
    read = {asset for asset in assets(tick()) if asset.startswith("chargeover/")}
    assert {"chargeover/quote", "chargeover/item", "chargeover/invoice", "chargeover/package"} <= read


def test_a_sweep_is_asked_for_once_a_day(world, live, tick):
    live.keep("customers")
    live.run()
    world.chargeover("clock", {"advance_seconds": 86_300})
    assert tick().skip_message == "ChargeOver shows no change"

    world.chargeover("clock", {"advance_seconds": 120})
    assert assets(tick()) == {"chargeover/customer", "mapped/customers", "salesforce/Account"}


def test_a_failed_run_is_asked_for_again_after_a_wait_that_doubles(world, live, tick, monkeypatch):
    live.run()
    world.create("customer", company="New")
    monkeypatch.setenv("SALESFORCE_CLIENT_SECRET", "wrong")
    for waits in (10, 20):
        live.run()
        assert f"the next starts {waits} s after the last" in tick().skip_message
        with monkeypatch.context() as patch:
            later(patch, timedelta(seconds=waits + 1))
            assert "salesforce/Account" in assets(tick())


def test_a_mapping_that_does_not_fit_the_org_starts_no_run_after_run(world, live, tick):
    live.run()
    live.edit("invoice_lines", "  Taxes__c: ", "  Taxess__c: ")
    world.create("customer", company="New")
    world.create("invoice", customer_id=1, line_items=[{"item_id": 1, "line_rate": 5, "line_quantity": 1}])

    time.sleep(1.1)  # ChargeOver tells whole seconds: a change in the watermark's own would ask for one more run
    assert live.run(*assets(tick())).success

    assert tick().skip_message == "ChargeOver shows no change"


def test_a_file_added_after_the_definitions_were_loaded_stands_in_no_request(world, live, tick):
    loaded = live.definitions()
    live.run()
    (live.folder / "more.yaml").write_text(
        "from: transaction\nto: Payment__c\nexternal_id: Key__c\nfields: {Key__c: transaction_id}\n"
    )
    world.create("customer", company="New")

    asked = assets(tick(loaded))

    assert "salesforce/Account" in asked
    assert "mapped/more" not in asked


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CHARGEOVER_URL", "http://127.0.0.1:9", "cannot be reached"),
        ("CHARGEOVER_PRIVATE_KEY", "wrong", "CHARGEOVER_P"),
        ("CHARGEOVER_URL", None, "not set: CHARGEOVER_URL"),
    ],
)
def test_what_is_wrong_with_chargeover_is_the_reason_of_a_skip(live, tick, monkeypatch, name, value, words):
    monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)

    assert words in tick().skip_message


def test_no_run_is_asked_for_while_the_org_has_no_calls_for_us_and_then_by_itself(world, live, tick, monkeypatch):
    with Connections().ledger() as ledger:
        Connections().budget(ledger, "live").told(95_000, 100_000)

    assert tick().skip_message.startswith(
        "Salesforce: the org's apps have used 95,000 of its 100,000 calls of 24 hours"
    )
    later(monkeypatch, timedelta(minutes=5))
    assert "salesforce/Account" in assets(tick())


def test_a_missing_salesforce_setting_is_the_reason_of_a_skip(live, tick, monkeypatch):
    monkeypatch.delenv("SALESFORCE_CLIENT_ID")

    assert "not set: SALESFORCE_CLIENT_ID" in tick().skip_message
