"""Runs of the assets: what is sent, what is staged, what stops and what goes on."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from reading_runs import checks_of, failures_of, metadata_of

from pipelines.ledger import open_ledger
from pipelines.orchestration.connections import Connections
from pipelines.orchestration.jobs import lane_of
from pipelines.settings import ProjectSettings, read_settings
from pipelines.sync.staging import Staging

pytestmark = pytest.mark.slow
INVOICE = ("chargeover/invoice", "mapped/invoices", "salesforce/ChargeOver_Invoice__c")
ACCOUNT = ("chargeover/customer", "mapped/customers", "salesforce/Account")


@pytest.fixture
def customers():
    return 6


def sync_job():
    from pipelines.definitions import definitions

    return definitions().resolve_job_def("sync")


def ledger():
    return open_ledger(read_settings(ProjectSettings).ledger_url)


def salesforce_calls(world):
    return sum(world.salesforce("requests")["counts"].values())


def test_a_run_lands_all_and_tells_counts_calls_lag_and_watermark(world, live):
    result = live.run()

    assert result.success
    assert all(passed for passed, _ in checks_of(result).values())
    told = metadata_of(result)["salesforce/ChargeOver_Invoice__c"]
    landed = len(world.rows("ChargeOver_Invoice__c"))
    assert landed > 0
    assert (told["read"], told["created"], told["dagster/row_count"]) == (landed, landed, landed)
    verdicts = ("read", "created", "updated", "unchanged", "held", "rejected", "refused", "deleted", "owed")
    assert all(type(told[name]) is int for name in (*verdicts, "salesforce calls", "salesforce calls left today"))
    assert 0 < told["percent of our share of calls"] < 1
    assert "writers at least" not in told
    assert told["mapping fingerprint"] == live.spec("mapped/invoices").code_version
    with ledger() as known:
        assert told["watermark"] == known.watermarks()["ChargeOver_Invoice__c"].end_at.timestamp()
    assert "problems" not in told


def test_extract_and_map_alone_are_a_dry_run_without_any_salesforce_call(world, live):
    before = salesforce_calls(world)
    keys = [key for key in live.assets() if key.startswith(("chargeover/", "mapped/"))]

    result = live.run(*keys)

    assert result.success
    assert metadata_of(result)["mapped/invoices"]["dagster/row_count"] > 0
    assert salesforce_calls(world) == before
    with ledger() as known:
        assert known.watermarks() == {}


def test_one_object_with_its_upstream_lands_alone(world, live):
    assert live.run(*ACCOUNT).success

    assert len(world.rows("Account")) == 6
    assert world.rows("ChargeOver_Invoice__c") == {}


def test_load_alone_takes_what_was_staged_last(world, live):
    live.run("chargeover/customer", "mapped/customers")

    assert live.run("salesforce/Account").success
    assert len(world.rows("Account")) == 6


def test_load_alone_with_nothing_staged_says_what_to_select(live, world):
    result = live.run("salesforce/Account")

    assert not result.success
    assert failures_of(result) == [
        "mapped/customers: nothing is staged; select the layers before it too (upstream), then run again"
    ]


def test_a_run_repeated_from_its_failure_takes_what_the_failed_run_staged(world, live, monkeypatch):
    monkeypatch.setenv("SALESFORCE_CLIENT_SECRET", "wrong")
    failed = live.run()
    assert not failed.success
    live.instance.wipe_assets([dg.AssetKey(["mapped", "customers"])])
    monkeypatch.setenv("SALESFORCE_CLIENT_SECRET", "sandbox-client-secret")

    again = dg.execute_job(
        dg.reconstructable(sync_job),
        instance=live.instance,
        reexecution_options=dg.ReexecutionOptions.from_failure(failed.run_id, live.instance),
    )

    assert again.success
    assert len(world.rows("Account")) == 6


def test_what_finished_runs_staged_is_pruned_but_for_the_last_ones(live, world):
    for _ in range(12):
        live.run("chargeover/item")

    assert len(Staging(read_settings(ProjectSettings).staging_url).runs()) == 11


def test_a_broken_mapping_stops_only_itself_and_holds_its_children(world, live):
    live.edit("invoices", "from: invoice\n", "from: invoic\n")

    result = live.run()

    assert result.success
    checks = checks_of(result)
    passed, words = checks["mapped/invoices", "mapping_valid"]
    assert (passed, "invoices.yaml:3:7" in words) == (False, True)
    assert not checks["salesforce/ChargeOver_Invoice__c", "fits_the_org"][0]
    assert len(world.rows("Account")) == 6
    told = metadata_of(result)
    assert told["salesforce/ChargeOver_Invoice__c"] == {"read": 0}
    assert world.rows("ChargeOver_Invoice__c") == {}


def test_a_mapping_that_breaks_after_definitions_were_loaded_stops_only_itself(world, live):
    loaded = live.definitions()
    live.edit("invoices", "\nfields:\n", "\nfields: [\n")

    result = live.run(definitions=loaded)

    assert result.success
    checks = checks_of(result)
    assert "invoices.yaml:" in checks["mapped/invoices", "mapping_valid"][1]
    assert [key for key, (passed, _) in checks.items() if not passed] == [
        ("mapped/invoices", "mapping_valid"), ("salesforce/ChargeOver_Invoice__c", "fits_the_org"),
    ]  # fmt: skip
    assert len(world.rows("Account")) == 6
    assert metadata_of(result)["salesforce/ChargeOver_Invoice_Line__c"]["created"] == 0


def test_children_of_a_repaired_mapping_land_by_themselves(world, live):
    live.edit("invoices", "from: invoice\n", "from: invoic\n")
    held = metadata_of(live.run())["salesforce/ChargeOver_Invoice_Line__c"]["held"]
    live.edit("invoices", "from: invoic\n", "from: invoice\n")

    told = metadata_of(live.run())

    assert held > 0
    assert told["salesforce/ChargeOver_Invoice__c"]["created"] > 0
    assert told["salesforce/ChargeOver_Invoice_Line__c"]["created"] == held
    assert len(world.rows("ChargeOver_Invoice_Line__c")) == held


def test_a_mapping_removed_after_definitions_were_loaded_is_named(world, live):
    loaded = live.definitions()
    (live.folder / "invoice_lines.yaml").unlink()

    result = live.run(definitions=loaded)

    assert result.success
    assert checks_of(result)["mapped/invoice_lines", "mapping_valid"] == (
        False, "invoice_lines.yaml is no longer there",
    )  # fmt: skip


def test_a_mapping_that_does_not_fit_the_org_sends_nothing_and_holds_its_children(world, live):
    live.edit("invoices", "  Taxes__c: ", "  Taxess__c: ")

    result = live.run()

    assert result.success
    passed, words = checks_of(result)["salesforce/ChargeOver_Invoice__c", "fits_the_org"]
    assert not passed
    assert "Taxess__c" in words
    assert 'did you mean "Taxes__c"' in words
    assert world.rows("ChargeOver_Invoice__c") == {}
    told = metadata_of(result)
    assert (
        told["salesforce/ChargeOver_Invoice_Line__c"]["held"] == told["salesforce/ChargeOver_Invoice_Line__c"]["read"]
    )
    assert told["salesforce/ChargeOver_Subscription__c"]["created"] == len(world.rows("ChargeOver_Subscription__c")) > 0
    with ledger() as known:
        assert "ChargeOver_Invoice__c" not in known.watermarks()


def test_what_changed_in_the_org_stays_to_be_read_in_the_check_and_in_the_log_of_the_run(world, live, monkeypatch):
    monkeypatch.setenv("SALESFORCE_DESCRIBE_EVERY_SECONDS", "0")
    live.run()
    world.salesforce("schema", {"sobject": "Account", "field": "BillingCity", "facts": {"length": 50}})
    text = "he org has changed: BillingCity is 50 characters long, was 40 (noticed 20"

    for _ in range(2):
        result = live.run()

        passed, words = checks_of(result)["salesforce/Account", "fits_the_org"]
        assert passed
        assert words.startswith(f"Every field of the mapping fits the org.\n\nT{text}")
        logged = [each.user_message for each in live.instance.all_logs(result.run_id)]
        assert [f"salesforce/Account: t{text}" in each for each in logged].count(True) == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CHARGEOVER_PRIVATE_KEY", "wrong", "CHARGEOVER_P"),
        ("CHARGEOVER_URL", "http://127.0.0.1:9", "cannot be reached"),
        ("CHARGEOVER_URL", None, "environment: not set: CHARGEOVER_URL"),
        ("SALESFORCE_CLIENT_SECRET", "wrong", "the client secret does not belong to the client id"),
        ("SALESFORCE_CLIENT_SECRET", None, "no way to log in to Salesforce"),
        ("SALESFORCE_URL", "not an address", "environment: SALESFORCE_URL is wrong"),
    ],
)
def test_what_a_person_must_fix_is_one_sentence(world, live, monkeypatch, name, value, words):
    monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)

    result = live.run(*ACCOUNT)

    assert not result.success
    (told,) = failures_of(result)
    assert words in told
    assert "\n" not in told
    assert "Traceback" not in told


def test_no_secret_and_no_customer_value_stands_in_an_event(world, live):
    secret = "Zanzibar-Trading"
    customer = world.create(
        "customer", company=secret, bill_state="Nowhere-State", superuser_email="zz@zanzibar.example"
    )
    world.create("invoice", customer_id=customer, line_items=[{"item_id": 1, "line_rate": 7331.17, "line_quantity": 1}])
    live.edit("invoices", "      open-unpaid:      Unpaid\n", "")
    live.run()

    with ledger() as known:
        assert known.owed(limit=1)
    every = "\n".join(
        entry.to_json() if hasattr(entry, "to_json") else repr(entry)
        for record in live.instance.get_run_records()
        for entry in live.instance.all_logs(record.dagster_run.run_id)
    )
    assert "ChargeOver_Invoice__c" in every
    told = ("Zanzibar", "zz@", "7331.17", "open-unpaid", "sandbox-client-secret", "sandbox-private-key", "Bearer ")
    assert [word for word in told if word in every] == []
    told = metadata_of_last(live)
    assert told["rejected"] >= 1
    assert len(told["problems"].records) <= 10
    assert told["all problems"] == "co2sf owed --sobject ChargeOver_Invoice__c"
    (why,) = told["owed, why"].records
    assert (why.data["code"], why.data["rows"]) == ("REJECTED", told["owed"])
    assert why.data["cause"] == "a value does not fit what the mapping says of its field"


def metadata_of_last(live):
    event = live.instance.get_latest_materialization_event(dg.AssetKey(["salesforce", "ChargeOver_Invoice__c"]))
    metadata = event.asset_materialization.metadata
    return {name: each if name in {"problems", "owed, why"} else each.value for name, each in metadata.items()}


def test_writers_that_became_fewer_are_told(world, live):
    world.salesforce("faults", [{"kind": "429", "path": "composite"}])

    told = metadata_of(live.run(*ACCOUNT))["salesforce/Account"]

    assert (told["writers at least"], told["writers now"]) == (4, 4)


@pytest.mark.parametrize(("job", "lane"), [("sync", "live"), ("full_resync", "backfill")])
def test_the_calls_of_a_full_sync_are_those_of_backfills(world, live, job, lane):
    assert live.run(job=job).success

    with ledger() as known:
        spent = known.spent(f"{world.salesforce_url}/", datetime.now(UTC) - timedelta(minutes=5))
    assert set(spent) == {lane}
    assert spent[lane] == salesforce_calls(world)


def test_a_run_of_a_backfill_of_dagster_s_own_takes_the_calls_of_backfills():
    assert lane_of(dg.DagsterRun("assets", tags={"dagster/backfill": "abc"})) == "backfill"
    assert lane_of(dg.DagsterRun("assets")) == "live"


def test_a_run_that_the_budget_stops_fails_with_its_sentence(world, live):
    with ledger() as known:
        Connections().budget(known, "live").told(95_000, 100_000)

    result = live.run(*ACCOUNT)

    assert failures_of(result)[0].startswith("Salesforce: the org's apps have used 95,000 of its 100,000 calls")
    assert world.rows("Account") == {}
