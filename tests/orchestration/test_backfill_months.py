"""Backfills: what ChargeOver created in some months is read and loaded again, beside live syncs."""

import shutil
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
import requests
from reading_runs import failures_of, metadata_of

from pipelines.orchestration import live_runs

pytestmark = pytest.mark.slow
ACCOUNT, CUSTOMER, INVOICE = "Account", "backfill/customer", "backfill/invoice"


@pytest.fixture
def customers():
    return 2


@pytest.fixture
def live(world, live, monkeypatch):
    monkeypatch.setenv("CHARGEOVER_FIRST_MONTH", "2025-09")
    live.keep("customers", "products")
    return live


def backfill(live, key, first, last=None, **config):
    """Materialize some months of an asset in one run, as the UI does."""
    job = live.definitions().resolve_implicit_global_asset_job_def()
    tags = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last or first}
    return job.execute_in_process(
        instance=live.instance,
        asset_selection=[dg.AssetKey.from_user_string(key)],
        partition_key=None if last else first,
        tags=tags if last else {},
        raise_on_error=False,
        run_config={"ops": {key.replace("/", "__"): {"config": config}}} if config else None,
    )


def born(world, moment, **fields):
    """A customer that was created at a moment of the past."""
    world.chargeover("clock", {"now": moment})
    customer = world.create("customer", **fields)
    world.chargeover("clock", {"now": datetime.now(UTC).isoformat()})
    return str(customer)


def months_of(live, key):
    return live.spec(key).partitions_def.get_partition_keys()


def test_the_months_hold_every_record_once_and_a_range_is_one_run(world, live):
    edge = ["2025-10-31T23:59:59-05:00", "2025-11-01T00:00:00-05:00", "2025-11-02T01:30:00-06:00",
            "2025-11-30T23:59:59-06:00", "2025-12-01T00:00:00-06:00"]  # fmt: skip
    old, *mine = [born(world, each, company="Acme") for each in ("2009-05-01T00:00:00-05:00", *edge)]

    one = backfill(live, CUSTOMER, "2025-11")
    november = set(world.rows(ACCOUNT))
    first = backfill(live, CUSTOMER, "2025-09", "2025-10")
    all_months = months_of(live, CUSTOMER)
    rest = backfill(live, CUSTOMER, all_months[0], all_months[-1])

    assert november == set(mine[1:4])
    assert metadata_of(one)[CUSTOMER]["records"] == 3
    assert metadata_of(first)[CUSTOMER]["created"] == 2
    assert old in world.rows(ACCOUNT)
    assert len(world.rows(ACCOUNT)) == 8
    told = {
        each.partition: each.metadata["records"].value
        for each in rest.asset_materializations_for_node("backfill__customer")
    }
    assert list(told) == all_months
    assert (sum(told.values()), told["2025-10"], told["2025-11"], told["2025-12"]) == (8, 1, 3, 1)
    counts = metadata_of(rest)[CUSTOMER]
    assert (counts["read"], counts["created"], counts["unchanged"]) == (8, 3, 5)
    assert (all_months[0], all_months[-1]) == ("2025-09", f"{datetime.now(ZoneInfo('America/Chicago')):%Y-%m}")


def test_what_salesforce_has_is_not_sent_again_and_no_watermark_or_hint_moves(world, live, ledger):
    live.run()
    marks, before = ledger.watermarks(), world.write_calls()
    ledger.note("customer", [1], "webhook", datetime.now(UTC))
    hints = ledger.hints("customer")

    first = backfill(live, CUSTOMER, months_of(live, CUSTOMER)[0], months_of(live, CUSTOMER)[-1])

    assert metadata_of(first)[CUSTOMER]["unchanged"] == 2
    assert (ledger.watermarks(), ledger.hints("customer"), world.write_calls()) == (marks, hints, before)


def test_a_backfill_of_what_was_never_synced_leaves_the_first_sync_to_read_everything(world, live, ledger):
    backfill(live, CUSTOMER, months_of(live, CUSTOMER)[0], months_of(live, CUSTOMER)[-1])

    assert ledger.watermarks() == {}
    counts = metadata_of(live.run())["salesforce/Account"]
    assert (counts["read"], counts["unchanged"]) == (2, 2)


def test_an_object_without_a_usable_date_has_one_partition(world, live):
    assert months_of(live, "backfill/item") == ["all"]

    counts = metadata_of(backfill(live, "backfill/item", "all"))["backfill/item"]

    assert counts["created"] == counts["read"] == len(world.rows("Product2")) > 0


def test_resend_repairs_rows_that_salesforce_had_accepted_already(world, live):
    live.run()

    counts = metadata_of(backfill(live, "backfill/item", "all", resend=True))["backfill/item"]

    assert counts["updated"] == counts["read"] > 0


def test_an_account_that_does_not_filter_by_creation_is_read_whole_and_sorted_here(world, live):
    world.chargeover("settings", {"refused_filters": ["customer.write_datetime"]})
    mine = born(world, "2025-11-30T23:59:59-06:00", company="Acme")

    counts = metadata_of(backfill(live, CUSTOMER, "2025-11"))[CUSTOMER]

    assert (counts["read"], set(world.rows(ACCOUNT))) == (1, {mine})


def test_owed_rows_appear_and_go(world, live, ledger):
    world.salesforce("rules", [{"sobject": ACCOUNT, "field": "Name", "value": "Bad", "message": "No."}])
    bad = born(world, "2025-11-30T23:59:59-06:00", company="Bad")

    first = metadata_of(backfill(live, CUSTOMER, "2025-11"))[CUSTOMER]
    owed = [(each.external_id, each.code) for each in ledger.owed()]
    requests.delete(f"{world.salesforce_url}/_admin/rules", timeout=5).raise_for_status()
    again = metadata_of(backfill(live, CUSTOMER, "2025-11", resend=True))[CUSTOMER]

    assert (first["refused"], owed) == (1, [(bad, "FIELD_CUSTOM_VALIDATION_EXCEPTION")])
    assert (again["created"], ledger.owed()) == (1, [])


def test_children_without_their_parents_are_held_until_these_land(world, live, ledger):
    shutil.copy(world.mappings / "contacts.yaml", live.folder)

    held = metadata_of(backfill(live, "backfill/user", "all"))["backfill/user"]
    backfill(live, CUSTOMER, months_of(live, CUSTOMER)[0], months_of(live, CUSTOMER)[-1])
    hinted = ledger.hints("user")
    live.run()

    assert held["held"] == held["read"] == len(hinted) > 0
    assert len(world.rows("Contact")) == held["read"]
    assert ledger.owed() == []


def test_a_mapping_that_does_not_fit_the_org_fails_its_months_with_the_reason(world, live):
    live.edit("products", "  Name:", "  Nome__c:")

    result = backfill(live, "backfill/item", "all")

    assert not result.success
    assert "Nome__c" in failures_of(result)[0]


def test_a_broken_mapping_file_fails_its_months_with_its_place(world, live):
    live.edit("customers", "to: Account\n", "to: Account\nton: 1\n")

    assert "customers.yaml" in failures_of(backfill(live, CUSTOMER, "2025-11"))[0]


def test_the_sensor_does_not_wait_for_a_backfill(live):
    for job_name, tags in (("__ASSET_JOB", {"dagster/asset_partition_range_start": "2025-01"}), ("resync_mapping", {})):
        run = dg.DagsterRun(job_name=job_name, run_id=str(uuid4()), status=dg.DagsterRunStatus.STARTED, tags=tags)
        live.instance.add_run(run)

    assert not live_runs.is_one_in_flight(live.instance)


def test_the_calls_of_a_backfill_are_those_of_its_lane(world, live, ledger):
    backfill(live, "backfill/item", "all")

    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert set(ledger.spent(f"{world.salesforce_url}/", hour_ago)) == {"backfill"}
    assert ledger.spent(f"{world.chargeover_url}/", hour_ago)["backfill"] >= 1
