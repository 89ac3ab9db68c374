"""Owed rows in the UI: a job that tries them now, a check that warns of old ones, parents and children in one run."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from reading_runs import checks_of, failures_of, metadata_of

from pipelines.ledger import Outcome, Verdict, open_ledger
from pipelines.settings import ProjectSettings, read_settings

pytestmark = pytest.mark.slow
ACCOUNT = "salesforce/Account"


@pytest.fixture
def customers():
    return 0


@pytest.fixture
def live(world, live):
    live.keep("customers", "products", "quotes", "quote_lines")
    return live


def refuse(world, sobject, value):
    world.salesforce("rules", [{"sobject": sobject, "field": "Name", "value": value, "message": "Not like Zanzibar."}])


def accept(world):
    requests.delete(f"{world.salesforce_url}/_admin/rules", timeout=5).raise_for_status()


def retrying(live, **words):
    return live.run(job="retry_owed", config={"ops": {"extract": {"config": {"paced": True, "retry": words}}}})


def test_the_job_retry_owed_tries_all_that_is_owed_or_what_its_configuration_names(world, live):
    refuse(world, "Account", "Bad")
    first, second, third = (world.create("customer", company="Bad") for _ in range(3))
    live.run()
    accept(world)

    assert metadata_of(retrying(live, which=f"customer:{first}"))[ACCOUNT]["created"] == 1
    assert metadata_of(retrying(live, sobject="Account", limit=1))[ACCOUNT]["created"] == 1
    assert set(world.rows("Account")) == {str(first), str(second)}
    assert metadata_of(live.run(job="retry_owed"))[ACCOUNT]["created"] == 1
    assert set(world.rows("Account")) == {str(first), str(second), str(third)}


def test_the_job_retry_owed_says_what_is_wrong_in_its_configuration(world, live):
    result = retrying(live, verdict="lost")

    assert not result.success
    assert failures_of(result) == ["'lost' is no verdict of what is owed; write held, refused, rejected"]


def test_a_row_that_is_owed_for_long_is_warned_of_without_any_customer_value(world, live, monkeypatch):
    refuse(world, "Account", "Zanzibar-Trading")
    world.create("customer", company="Zanzibar-Trading")
    fresh = checks_of(live.run())
    long_ago = datetime.now(UTC) - timedelta(hours=30)
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        rows = [Outcome("Account", str(n), "customer", n, Verdict.REFUSED, long_ago, code=code, message="Zanzibar")
                for n, code in ((8, "STRING_TOO_LONG"), (9, "DUPLICATES_DETECTED"))]  # fmt: skip
        ledger.record("long ago", rows, long_ago)

    result = live.run("chargeover/item", "mapped/products", "salesforce/Product2", "mapped/customers", ACCOUNT)

    assert fresh[ACCOUNT, "nothing_owed_long"] == (True, "Nothing has been owed for longer than 24 h.")
    passed, words = checks_of(result)[ACCOUNT, "nothing_owed_long"]
    assert not passed
    assert words.startswith(
        f"2 rows have been owed for longer than 24 h, the first since {long_ago:%Y-%m-%d %H:%M} UTC"
    )
    assert "1 DUPLICATES_DETECTED, 1 STRING_TOO_LONG" in words
    assert words.endswith("co2sf owed --sobject Account")
    assert "Zanzibar" not in words
    assert checks_of(result)["salesforce/Product2", "nothing_owed_long"][0]
    warned = {each.check_name: each.severity.value for each in result.get_asset_check_evaluations() if not each.passed}
    assert warned == {"nothing_owed_long": "WARN"}
    assert result.success

    monkeypatch.setenv("CO2SF_OWED_TOO_LONG_HOURS", "31")
    assert checks_of(live.run())[ACCOUNT, "nothing_owed_long"][0]


def test_what_a_broken_mapping_owes_is_still_warned_of(world, live):
    long_ago = datetime.now(UTC) - timedelta(hours=30)
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        ledger.record("run", [Outcome("Account", "8", "customer", 8, Verdict.REFUSED, long_ago)], long_ago)
    live.edit("customers", "from: customer\n", "from: custome\n")

    assert "1 row has been owed" in checks_of(live.run())[ACCOUNT, "nothing_owed_long"][1]


def test_a_child_lands_in_the_run_of_its_parent_although_they_are_else_read_side_by_side(world, live):
    """Quotes and items have no object in common that they touch."""
    refuse(world, "Product2", "Bad")
    buyer = world.create("customer", company="Buyer")
    thing = world.call("POST", "item", {"name": "Bad", "item_type": "service"})["id"]
    world.create("quote", customer_id=buyer, line_items=[{"item_id": thing, "line_rate": 5, "line_quantity": 1}])
    held = metadata_of(live.run())["salesforce/ChargeOver_Quote_Line__c"]["held"]
    live.run()
    world.chargeover("clock", {"advance_seconds": 30})  # no wait is over, whatever was tried last
    world.call("PUT", f"item/{thing}", {"name": "Good"})

    told = metadata_of(live.run())

    assert held == 1
    assert told["salesforce/Product2"]["created"] == 1
    assert told["salesforce/ChargeOver_Quote_Line__c"]["created"] == 1
