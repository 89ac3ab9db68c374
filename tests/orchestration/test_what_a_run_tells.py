"""The sync log: what each load and the whole run say of signals, lag, calls and what is owed."""

from datetime import UTC, datetime

import pytest
from reading_runs import metadata_of

from pipelines.ledger import open_ledger
from pipelines.settings import ProjectSettings, read_settings

pytestmark = pytest.mark.slow
ACCOUNT = ("chargeover/customer", "mapped/customers", "salesforce/Account")


@pytest.fixture
def customers():
    return 3


def said(live, result):
    """What a run has logged in words."""
    return [each.user_message for each in live.instance.all_logs(result.run_id) if not each.is_dagster_event]


def test_a_change_is_told_with_its_signal_lag_and_calls(world, live):
    live.run(*ACCOUNT)
    customer = world.create("customer", company="Latecomer")
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        ledger.note("customer", [customer], "webhook", datetime.now(UTC))

    result = live.run(*ACCOUNT)

    told = metadata_of(result)["salesforce/Account"]
    assert (told["created"], told["by webhook"]) == (1, 1)
    assert 0 <= told["lag seconds"] <= told["lag seconds, longest"] < 60
    assert 0 <= told["seconds since noticed"] <= told["seconds since noticed, longest"] < 60
    assert told["chargeover calls"] == metadata_of(result)["chargeover/customer"]["chargeover calls"] > 0
    (line,) = [each for each in said(live, result) if " Salesforce calls" in each]
    assert line.startswith("1 record by webhook, 1 row: 1 created; ")
    assert " s from ChargeOver to Salesforce" in line
    assert f"{told['chargeover calls']} ChargeOver and {told['salesforce calls']} Salesforce calls" in line
    assert live.instance.get_run_by_id(result.run_id).tags["did"] == "1 created"


def test_a_run_without_changes_says_so(world, live):
    result = live.run("chargeover/item", "mapped/products", "salesforce/Product2")
    again = live.run("salesforce/Product2", "mapped/products", "chargeover/item")

    assert "created" in live.instance.get_run_by_id(result.run_id).tags["did"]
    assert live.instance.get_run_by_id(again.run_id).tags["did"] == "nothing"


def test_what_is_owed_is_told_with_its_reason_in_the_run_in_words(world, live):
    live.edit("customers", "{from: total,   as: currency}", "{from: company, as: currency}")

    result = live.run(*ACCOUNT)

    told = metadata_of(result)["salesforce/Account"]
    assert (told["rejected"], told["owed"]) == (3, 3)
    line = said(live, result)[-1]
    assert "3 rows: 3 rejected; " in line
    assert line.endswith("3 rows are owed")
