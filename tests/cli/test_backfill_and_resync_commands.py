"""co2sf backfill and co2sf resync: months, records and mappings read again by hand."""

import json
from datetime import UTC, datetime

import dagster as dg
import pytest

pytestmark = pytest.mark.slow
MONTH = f"{datetime.now(UTC):%Y-%m}"


@pytest.fixture
def customers():
    return 3


@pytest.fixture
def shelf(shelf, monkeypatch):
    """Three of the mappings: contacts look up customers, products stand alone."""
    monkeypatch.setenv("CHARGEOVER_FIRST_MONTH", "2026-01")
    for path in shelf.glob("*.yaml"):
        if path.stem not in {"customers", "contacts", "products"}:
            path.unlink()
    return shelf


def counts(told):
    return {each["sObject"]: each for each in json.loads(told.out)}


def records(told):
    return {(each["record"], each["sObject"]): each for each in json.loads(told.out)[0]["resynced"]}


def test_backfill_loads_all_months_or_some_and_stands_in_the_log(co2sf, world, live):
    all_of_it = co2sf("backfill", "customer")
    again = counts(co2sf("backfill", "customer", f"2026-01..{MONTH}", "--json"))
    unit = counts(co2sf("backfill", "item", "--resend", "--json"))

    assert (all_of_it.code, all_of_it.err) == (0, "")
    assert ["Account", "3", "3"] in [line.split()[:3] for line in all_of_it.lines]
    assert (again["Account"]["read"], again["Account"]["unchanged"]) == (3, 3)
    assert unit["Product2"]["created"] == len(world.rows("Product2")) > 0
    last, _, first = json.loads(co2sf("log", "--json").out)
    assert (first["why"], first["created"], first["status"]) == ("co2sf backfill", 3, "success")
    assert (last["read"], last["created"]) == (unit["Product2"]["read"],) * 2


def test_a_resync_leaves_the_standing_checks_to_their_own_jobs(co2sf, live):
    assert co2sf("resync", "customers").code == 0

    with dg.DagsterInstance.get() as instance:
        told = [each.dagster_event for each in instance.all_logs(instance.get_runs(limit=1)[0].run_id)]
    checks = {
        each.asset_check_evaluation_data.check_name
        for each in told
        if each and each.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION
    }
    assert "counts_add_up" in checks
    assert not checks & {"money_agrees", "fresh"}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("invoic",), "ChargeOver has no object 'invoic'; did you mean \"invoice\"?"),
        (("invoice",), "no mapping reads 'invoice'; those that are read: customer, item, user"),
        (
            ("item", "2026-01"),
            "item has no months, since ChargeOver cannot be asked for it by creation; leave '2026-01'",
        ),
        (("customer", "2026-13"), "'2026-13' is no month; write 2025-01, or 2025-01..2025-06"),
        (("customer", "2026-01..2026-1"), "'2026-1' is no month"),
        (("customer", "2026-02..2026-01"), "'2026-02..2026-01' ends before it begins; write the earlier month first"),
        (("customer", "2025-12"), "2025-12 is before the first month, 2026-01, which also holds what is older"),
        (("customer", "2099-01"), "2099-01 is yet to come; the last month is"),
    ],
)
def test_backfill_says_what_is_wrong_with_an_object_or_a_range(co2sf, live, words, text):
    told = co2sf("backfill", *words)

    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert text in told.err


def test_resync_says_of_each_record_what_became_of_it(co2sf, world, live):
    co2sf("sync")
    new = world.create("customer", company="Acme")
    before = world.write_calls()

    told = co2sf("resync", "customer:1", f"customer:{new}", "customer:99", "--json")

    assert told.code == 0
    found = records(told)
    assert found["customer:1", "Account"]["unchanged"] == 1
    assert found[f"customer:{new}", "Account"]["created"] == 1
    assert found["customer:99", "no row"]["ChargeOver"] == "gone"
    assert world.write_calls() == before + 1


def test_resync_resend_repairs_a_row_that_someone_has_changed_in_salesforce(co2sf, world, live):
    co2sf("sync")

    assert records(co2sf("resync", "customer:1", "--json"))["customer:1", "Account"]["unchanged"] == 1
    assert records(co2sf("resync", "customer:1", "--resend", "--json"))["customer:1", "Account"]["updated"] == 1


def test_resync_treats_a_record_that_is_gone_as_its_mapping_says(co2sf, world, live):
    mapping = live / "customers.yaml"
    mapping.write_text(mapping.read_text().replace("on_delete: ignore", "on_delete: {ChargeOver_Tax_Id__c: gone}"))
    customer = world.create("customer", company="Acme")
    co2sf("sync")
    world.call("DELETE", f"customer/{customer}")

    line = records(co2sf("resync", f"customer:{customer}", "--json"))[f"customer:{customer}", "Account"]

    assert (line["ChargeOver"], line["deleted"]) == ("gone", 1)
    assert world.rows("Account")[str(customer)]["ChargeOver_Tax_Id__c"] == "gone"


def test_resync_shows_what_is_owed_and_why_and_ends_with_1(co2sf, world, live):
    world.salesforce("rules", [{"sobject": "Account", "field": "Name", "value": "Bad", "message": "No."}])
    co2sf("sync")
    bad = world.create("customer", company="Bad")

    told = co2sf("resync", f"customer:{bad}")

    assert told.code == 1
    assert "FIELD_CUSTOM_VALIDATION_EXCEPTION" in told.out


def test_resync_of_a_mapping_reads_all_and_sends_what_an_edit_has_changed(co2sf, world, live):
    co2sf("sync")
    mapping = live / "customers.yaml"
    mapping.write_text(mapping.read_text().replace("[company, superuser_name,", "[superuser_name, company,"))

    told = co2sf("resync", "customers", "--json")

    assert told.code == 0
    assert set(counts(told)) == {"Account"}
    assert (counts(told)["Account"]["read"], counts(told)["Account"]["updated"]) == (3, 3)
    assert json.loads(co2sf("log", "--json").out)[0]["job"] == "resync_mapping"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("customer:1", "customer:x"), "'customer:x' names no record; write object and id, such as invoice:10041"),
        (("customer:1", "customers"), "records and mappings cannot be read again in one run; name either"),
        (("customer",), "no mapping is called 'customer'; did you mean \"customers\"?"),
        (("invoice:1",), "no mapping reads 'invoice'"),
    ],
)
def test_resync_says_what_it_does_not_understand(co2sf, live, words, text):
    told = co2sf("resync", *words)

    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert text in told.err
