"""Records or mappings read again from the UI: the jobs resync_records and resync_mapping."""

import pytest
from reading_runs import failures_of, metadata_of

from pipelines.orchestration.connections import Connections
from pipelines.orchestration.resync import resync_request
from pipelines.sync.asked import mappings_of

pytestmark = pytest.mark.slow
ACCOUNT, PRODUCT = "salesforce/Account", "salesforce/Product2"


@pytest.fixture
def customers():
    return 3


@pytest.fixture
def live(world, live):
    live.keep("customers", "products")
    return live


def asking(live, job, **words):
    return live.run(job=job, config={"ops": {"extract": {"config": {"paced": True, **words}}}})


def test_resync_records_reads_the_records_that_its_configuration_names_and_settles_the_hints(world, live, ledger):
    live.run()
    before = world.write_calls()

    result = asking(live, "resync_records", records=["customer:1", " customer:3"])

    assert metadata_of(result)["chargeover/customer"]["by asked"] == 2
    assert (metadata_of(result)[ACCOUNT]["read"], metadata_of(result)[ACCOUNT]["unchanged"]) == (2, 2)
    assert ledger.hints("customer") == {}
    assert world.write_calls() == before


NO_RECORD = "names no record; write object and id, such as invoice:10041"
ALL = "ach, creditcard, customer, invoice, item, package, quote, transaction, user"


@pytest.mark.parametrize(
    ("records", "text"),
    [
        (["customer:x", "customer:0"], f"'customer:x' {NO_RECORD}; 'customer:0' {NO_RECORD}"),
        (["customr:5"], f"ChargeOver has no object 'customr'; did you mean \"customer\"?; there are {ALL}"),
        (["invoice:5"], "no mapping reads 'invoice'; those that are read: customer, item"),
        ([], "no record is named; write object and id, such as invoice:10041"),
    ],
)
def test_resync_records_says_what_is_wrong_with_an_id(world, live, ledger, records, text):
    result = asking(live, "resync_records", records=records)

    assert failures_of(result) == [text]
    assert ledger.last_hint() == 0


def test_resync_mapping_sends_only_rows_whose_payload_an_edit_has_changed(world, live, ledger):
    live.run()
    live.edit("customers", "[company, superuser_name,", "[superuser_name, company,")
    before = world.write_calls()

    result = asking(live, "resync_mapping", mappings=["customers"])

    counts = metadata_of(result)[ACCOUNT]
    assert (counts["read"], counts["updated"]) == (3, 3)
    assert metadata_of(result)[PRODUCT]["read"] == 0
    again = metadata_of(asking(live, "resync_mapping", mappings=["customers"]))[ACCOUNT]
    assert (again["read"], again["unchanged"]) == (3, 3)
    assert world.write_calls() == before + 1


def test_a_request_to_resync_mappings_takes_only_the_assets_of_their_objects(world, live):
    live.run()
    shelf = Connections().shelf()

    request = resync_request(shelf, mappings_of(["customers"], shelf), "on_change: customers")
    job = live.definitions().resolve_job_def(request.job_name)
    keys = [key.to_user_string() for key in request.asset_selection]
    result = job.execute_in_process(
        instance=live.instance, asset_selection=request.asset_selection, run_config=request.run_config
    )

    assert set(keys) == {"chargeover/customer", "mapped/customers", ACCOUNT}
    assert set(metadata_of(result)) == set(keys)
    assert metadata_of(result)[ACCOUNT]["unchanged"] == 3
    assert result.dagster_run.tags["lane"] == "backfill"


def test_resync_mapping_says_which_mapping_there_is_not(world, live):
    assert failures_of(asking(live, "resync_mapping", mappings=["customer"])) == [
        "no mapping is called 'customer'; did you mean \"customers\"?; there are customers, products"
    ]
    assert failures_of(live.run(job="resync_mapping")) == [
        "no mapping is named; write the name of a mapping file, such as invoices"
    ]
