"""Checks with jobs of their own: money agrees once a day, fresh every few minutes; no load carries them."""

import dagster as dg
import pytest
import requests

from pipelines.ledger.ledger import open_ledger
from pipelines.settings import ProjectSettings, read_settings

pytestmark = pytest.mark.slow


@pytest.fixture
def customers():
    return 3


def checked(result, name):
    return {each.asset_key.path[-1]: each for each in result.get_asset_check_evaluations() if each.check_name == name}


def tamper(world, sobject, row, **fields):
    """Somebody else changes a row in Salesforce."""
    login = {"grant_type": "client_credentials", "client_id": "sandbox-client-id",
             "client_secret": "sandbox-client-secret"}  # fmt: skip
    answer = requests.post(f"{world.salesforce_url}/services/oauth2/token", data=login, timeout=30)
    token = answer.json()["access_token"]
    url = f"{world.salesforce_url}/services/data/v67.0/sobjects/{sobject}/{row['Id']}"
    requests.patch(url, json=fields, headers={"Authorization": f"Bearer {token}"}, timeout=30).raise_for_status()


def test_no_load_carries_them_and_each_has_a_job_and_a_schedule(desk):
    definitions = desk.definitions()

    def names(job):
        keys = definitions.resolve_job_def(job).asset_layer.asset_graph.asset_check_keys
        return {key.name for key in keys}

    assert names("money") == {"money_agrees"}
    assert names("freshness") == {"fresh"}
    assert names("drift") == {"not_drifted"}
    for job in ("sync", "full_resync", "retry_owed"):
        assert not names(job) & {"money_agrees", "fresh", "not_drifted"}
        assert "counts_add_up" in names(job)
    assert {each.name: each.job_name for each in definitions.schedules} == {
        "money_daily": "money",
        "freshness_often": "freshness",
        "drift_daily": "drift",
        "prune_daily": "prune",
    }


def test_definitions_load_without_a_single_good_mapping(desk):
    for path in desk.folder.glob("*.yaml"):
        path.write_text("from: nothing\n")
    names = {each.name for each in desk.definitions().resolve_all_job_defs()}
    assert "sync" in names
    assert not names & {"money", "freshness", "drift"}


@pytest.fixture
def synced(world, live):
    """A company that has landed; only what the tests look at is mapped."""
    for name in ("quotes", "subscription_lines", "invoice_lines"):
        (live.folder / f"{name}.yaml").unlink()
    assert live.run().success
    return live


def test_a_cent_is_an_error_with_the_way_to_its_repair_and_what_is_in_flight_is_none(world, synced):
    row = next(row for row in world.rows("ChargeOver_Invoice__c").values() if row["Total__c"])
    tamper(world, "ChargeOver_Invoice__c", row, Total__c=row["Total__c"] + 0.01)
    fresh = world.create("invoice", customer_id=1, line_items=[{"item_id": 1, "line_rate": 5, "line_quantity": 1}])

    checks = checked(synced.run(job="money"), "money_agrees")

    assert {name for name, each in checks.items() if each.passed} == {"Account", "ChargeOver_Subscription__c"}
    found = checks["ChargeOver_Invoice__c"]
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert "co2sf money --object ChargeOver_Invoice__c --repair" in found.description
    told = found.metadata
    assert (told["rows unexplained"].value, told["rows in flight"].value) == (1, 1)
    assert [each.data for each in told["records that differ"].records] == [
        {"record": f"invoice:{row['ChargeOver_Id__c']}", "row": row["ChargeOver_Id__c"],
         "why": "changed in Salesforce", "fields": "Total__c"},
        {"record": f"invoice:{fresh}", "row": str(fresh), "why": "in flight", "fields": ""},
    ]  # fmt: skip
    first = told["sums"].records[0].data
    assert (first["field"], first["unexplained"]) == ("Total__c", "0.01")
    assert told["chargeover calls"].value > 0
    assert told["salesforce calls"].value > 0
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        assert ledger.hinted_by("invoice", "money") == {fresh}  # a sync brings it, whatever signal would have shown it


def test_fresh_passes_on_quiet_objects_and_names_what_has_not_landed(world, synced):
    sound = checked(synced.run(job="freshness"), "fresh")
    assert len(sound) == 6
    assert [name for name, each in sound.items() if not each.passed] == []
    world.create("invoice", customer_id=1, line_items=[{"item_id": 1, "line_rate": 5, "line_quantity": 1}])
    world.chargeover("clock", {"advance_seconds": 20 * 60})

    found = checked(synced.run(job="freshness"), "fresh")["ChargeOver_Invoice__c"]

    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "a change of invoice (mod_datetime) has not landed" in found.description
    assert found.metadata["behind seconds"].value > 19 * 60


def test_what_others_have_changed_is_a_warning_or_taken_back_as_the_mapping_says(world, synced):
    sobject = "ChargeOver_Invoice__c"
    synced.edit("customers", "on_delete: ignore", "on_delete: ignore\ndrift: take back")
    invoice = next(row for row in world.rows(sobject).values() if row["Total__c"])
    account = next(iter(world.rows("Account").values()))
    tamper(world, sobject, invoice, Total__c=invoice["Total__c"] + 1)
    tamper(world, "Account", account, Name="Mine")

    result = synced.run(job="drift")
    checks = checked(result, "not_drifted")

    assert {name for name, each in checks.items() if not each.passed} == {sobject}
    found = checks[sobject]
    assert found.severity is dg.AssetCheckSeverity.WARN
    assert "co2sf drift invoices --whole --take-back" in found.description
    (told,) = [each.data for each in found.metadata["drift"].records]
    assert (told["record"], told["fields"]) == (f"invoice:{invoice['ChargeOver_Id__c']}", "Total__c")
    assert told["row last changed by"].startswith("005")
    assert checks["Account"].metadata["rows taken back"].value == 1
    assert world.rows("Account")[account["ChargeOver_Id__c"]]["Name"] == account["Name"]
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        assert ledger.history("customer", int(account["ChargeOver_Id__c"]))[-1].run_id == result.run_id
    assert all(each.passed for name, each in checked(synced.run(job="drift"), "not_drifted").items() if name != sobject)
