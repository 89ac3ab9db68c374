"""Large mappings go by files (Bulk API 2.0): what lands is what requests would have brought."""

import pytest
from deeds import customer, edit, invoice, owed, pay, refuse

from pipelines.chargeover.catalog import vocabulary
from pipelines.mapping.reading import read_mappings
from pipelines.sync.results import adopt
from pipelines.sync.run import Run
from pipelines.sync.tally import Tally
from pipelines.sync.verdicts import Verdicts

own = {"Id", "CreatedDate", "LastModifiedDate", "SystemModstamp", "CreatedById", "LastModifiedById", "OwnerId"}


@pytest.fixture
def by_files(sync):
    sync.bulk_from = 1
    return sync


def landed(world):
    """All rows by sObject and external id, lookups as external ids of the parents."""
    tables = [each.to for each in read_mappings(world.mappings, vocabulary()).mappings]
    rows = {name: world.rows(name) for name in tables}
    names = {row["Id"]: (name, key) for name in tables for key, row in rows[name].items()}
    return {
        (name, key): {field: names.get(value, value) for field, value in row.items() if field not in own}
        for name in tables
        for key, row in rows[name].items()
    }


def jobs(world):
    """How many ingest jobs were opened."""
    return sum(count for kind, count in world.salesforce("requests")["counts"].items() if kind.startswith("POST jobs"))


@pytest.mark.parametrize("customers", [8])
def test_a_whole_company_lands_by_files_as_by_requests(world, sync, customers):
    sync.bulk_from = 1
    sync()
    by_files = landed(world)
    assert jobs(world) >= 8
    calls = world.write_calls()
    sync()
    assert world.write_calls() == calls

    sync.bulk_from = 1_000_000
    assert set(sync(resend=True, whole=True)) == {name for name, _ in by_files}
    assert landed(world) == by_files


@pytest.mark.parametrize(("calls_left", "goes_by_files"), [(3, True), (6, False), (None, False)])
def test_files_go_from_fewer_rows_on_where_calls_are_scarce(world, sync, files, calls_left, goes_by_files):
    files.keep("customers")
    for number in range(2_001):
        customer(world, f"Customer {number}")
    sync.calls_left = calls_left
    assert sync()["Account"] == {"read": 2_001, "created": 2_001}
    assert (jobs(world) > 0) == goes_by_files


def test_changes_and_cleared_fields_land_by_files(world, by_files, files):
    files.keep("customers")
    files.edit("customers", "nulls: leave", "nulls: clear")
    acme = customer(world, "Acme", bill_city="Springfield")
    by_files()
    edit(world, "customer", acme, company='Acme, "Ltd"\nof Springfield', bill_city="")
    assert by_files()["Account"] == {"read": 1, "updated": 1}
    row = world.rows("Account")[str(acme)]
    assert (row["Name"], row["BillingCity"]) == ('Acme, "Ltd"\nof Springfield', None)
    assert jobs(world) == 2


def test_a_text_that_a_file_would_misread_goes_by_a_request(world, by_files, files):
    files.keep("customers")
    acme, other = customer(world, "#N/A"), customer(world, "Other")
    assert by_files()["Account"] == {"read": 2, "created": 2}
    assert world.rows("Account")[str(acme)]["Name"] == "#N/A"
    assert jobs(world) == 1
    assert str(other) in world.rows("Account")


def test_a_file_that_no_row_fits_into_is_not_sent(world, by_files, files):
    files.keep("customers")
    acme = customer(world, "#N/A")
    assert by_files()["Account"] == {"read": 1, "created": 1}
    assert world.rows("Account")[str(acme)]["Name"] == "#N/A"
    assert by_files.ledger.open_jobs() == []


def test_generations_of_one_s_object_go_one_after_another(world, by_files, files):
    files.keep("customers")
    group = customer(world, "Group")
    child = customer(world, "Child", parent_customer_id=group)
    grandchild = customer(world, "Grandchild", parent_customer_id=child)
    assert by_files()["Account"] == {"read": 3, "created": 3}
    rows = world.rows("Account")
    assert rows[str(grandchild)]["ParentId"] == rows[str(child)]["Id"]
    assert jobs(world) == 3


def test_a_row_that_is_refused_in_a_file_is_named_and_holds_its_children(world, by_files, files):
    files.keep("customers", "invoices", "subscriptions")
    refuse(world, "Account", "Name", "Bad")
    bad, good = customer(world, "Bad"), customer(world, "Good")
    bill, other = invoice(world, bad), invoice(world, good)
    counts = by_files()
    assert counts["Account"] == {"read": 2, "created": 1, "refused": 1}
    assert counts["ChargeOver_Invoice__c"] == {"read": 2, "created": 1, "held": 1}
    assert owed(by_files, "Account") == {str(bad): ("refused", "Not like this")}
    assert set(owed(by_files, "ChargeOver_Invoice__c")) == {str(bill)}
    assert set(world.rows("ChargeOver_Invoice__c")) == {str(other)}


@pytest.mark.parametrize("kind", ["job_fails", "job_aborted"])
def test_what_a_job_did_not_come_to_goes_by_requests(world, by_files, files, kind):
    files.keep("customers")
    for number in range(30):
        customer(world, f"Customer {number}")
    world.salesforce("faults", [{"kind": kind, "after_rows": 10}])
    assert by_files()["Account"] == {"read": 30, "created": 30}
    assert len(world.rows("Account")) == 30


def test_a_used_up_quota_of_jobs_stops_nothing(world, by_files, files):
    files.keep("customers")
    customer(world)
    world.salesforce("faults", [{"kind": "job_fails", "message": "ExceededQuota : Used up"}])
    assert by_files()["Account"] == {"read": 1, "created": 1}


def test_rows_that_met_a_lock_in_a_job_go_by_requests(world, by_files, files):
    files.keep("customers")
    acme = customer(world)
    world.salesforce("faults", [{"kind": "lock", "sobject": "Account", "field": "ChargeOver_Id__c",
                                 "value": str(acme)}])  # fmt: skip
    assert by_files()["Account"] == {"read": 1, "created": 1}


def test_a_job_of_a_run_that_died_is_taken_over(world, by_files, files, monkeypatch):
    files.keep("customers")
    for number in range(20):
        customer(world, f"Customer {number}")
    dies(by_files, monkeypatch, "pipelines.sync.ingest.collect")
    assert len(world.rows("Account")) == 20
    assert len(by_files.ledger.open_jobs()) == 1

    counts = by_files()["Account"]
    assert counts == {"read": 40, "created": 20, "unchanged": 20}  # its results, and the records read once more
    assert jobs(world) == 1
    assert by_files.ledger.open_jobs() == []


def test_a_job_is_taken_over_whatever_its_mapping_says_now(world, by_files, files, monkeypatch):
    files.keep("customers")
    acme = customer(world)
    dies(by_files, monkeypatch, "pipelines.sync.ingest.collect")
    tallies = {"Account": Tally("Account")}
    adopt(by_files.org(), by_files.ledger, Verdicts(by_files.ledger, Run("next", by_files.now, {}), tallies, {}))
    assert by_files.ledger.landed("Account", [str(acme)]) == {str(acme)}
    assert tallies["Account"].as_numbers()["created"] == 1


def test_a_job_that_never_got_its_rows_is_ended_and_they_go_in_another(world, by_files, files, monkeypatch):
    files.keep("customers")
    acme = customer(world)
    dies(by_files, monkeypatch, "pipelines.salesforce.bulk.jobs.Jobs.upload")
    assert by_files()["Account"] == {"read": 1, "created": 1}
    assert set(world.rows("Account")) == {str(acme)}
    assert by_files.ledger.open_jobs() == []


class KilledError(BaseException):
    """Ends a run as a signal does."""


def dies(sync, monkeypatch, place):
    """A run that ends where this function would be called."""

    def ends(*_, **__):
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(place, ends)
        with pytest.raises(KilledError):
            sync()


def test_an_older_version_in_a_job_never_stays_last(world, by_files, files, monkeypatch):
    """A live run lands a newer version by a request while the job is under way."""
    files.keep("customers")
    acme = customer(world, "Older")
    by_files.extract()
    older = by_files.map()
    edit(world, "customer", acme, company="Newer")
    world.chargeover("clock", {"advance_seconds": 1})
    by_files.extract()
    newer = by_files.map()
    real = by_files.ledger.load_job

    def meanwhile(job, rows):
        real(job, rows)
        by_files.bulk_from = 1_000
        by_files.load(newer)

    monkeypatch.setattr(by_files.ledger, "load_job", meanwhile)
    by_files.load(older)
    assert world.rows("Account")[str(acme)]["Name"] == "Older"
    by_files()
    assert world.rows("Account")[str(acme)]["Name"] == "Newer"
    assert by_files.ledger.owed() == []


def test_payments_and_their_shares_land_by_files(world, by_files):
    acme = customer(world)
    bills = [invoice(world, acme, 80), invoice(world, acme, 20)]
    pay(world, acme, (bills[0], 80), (bills[1], 5))
    by_files()
    shares = world.rows("ChargeOver_Applied_Payment__c").values()
    assert sorted(row["Amount__c"] for row in shares) == [5, 80]
