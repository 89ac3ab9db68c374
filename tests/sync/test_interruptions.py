"""A run that dies at any point leaves nothing half done: the next one finishes it, no row lost or doubled."""

from datetime import UTC, datetime

import pytest
from deeds import customer, invoice, pay, subscribe

from pipelines.errors import FixAccess, TryLater

tables = ("Account", "ChargeOver_Invoice__c", "ChargeOver_Invoice_Line__c", "ChargeOver_Transaction__c",
          "ChargeOver_Applied_Payment__c", "ChargeOver_Subscription__c", "ChargeOver_Subscription_Line__c")  # fmt: skip


class KilledError(BaseException):
    """Ends a run as a signal does: nothing that catches errors sees it."""


def company(world):
    buyer = customer(world, "Buyer", superuser_name="Ann Lee")
    bill = invoice(world, buyer, 10, 20)
    pay(world, buyer, (bill, 5))
    subscribe(world, buyer, 1, 2)
    return buyer, bill


def counts(world):
    return {table: len(world.rows(table)) for table in tables}


complete = dict(zip(tables, (1, 1, 2, 1, 1, 1, 2), strict=True))


@pytest.mark.parametrize("calls", [0, 2, 5, 9])
def test_a_first_sync_that_chargeover_breaks_off_is_finished_by_the_next(world, sync, between, calls):
    company(world)
    between.left = calls
    with pytest.raises(FixAccess):
        sync()
    assert sync.ledger.watermarks() == {}

    between.left = None
    sync()
    assert counts(world) == complete


@pytest.mark.parametrize("moment", range(1, 9))
def test_a_run_killed_before_it_can_record_what_it_has_sent_is_finished_by_the_next(world, sync, moment):
    """The loader asks for the time before each entry in the ledger: there the run dies, after Salesforce has acted."""
    company(world)
    asked = []

    def now():
        asked.append(1)
        if len(asked) == moment:
            raise KilledError
        return datetime.now(UTC)

    real, sync.now = sync.now, now
    with pytest.raises(KilledError):
        sync()
    sync.now = real
    sync()

    assert counts(world) == complete
    assert sync.ledger.owed() == []
    assert set(sync.ledger.watermarks()) >= set(tables)


@pytest.mark.parametrize("calls", range(2, 14, 2))
def test_a_change_noticed_by_a_run_that_dies_is_not_forgotten(world, sync, between, calls):
    """The open set has been remembered as it is now, so only the hint in the ledger still tells of the payment."""
    buyer, bill = company(world)
    sync()
    pay(world, buyer, (bill, 7))
    world.chargeover("clock", {"advance_seconds": 3600})
    between.left = calls
    with pytest.raises(FixAccess):
        sync()
    between.left = None
    world.chargeover("clock", {"advance_seconds": 3600})
    sync()

    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Balance__c"] == 18
    assert world.rows("Account")[str(buyer)]["ChargeOver_Balance__c"] == 18


def test_a_change_staged_but_never_loaded_is_read_again(world, sync):
    buyer, bill = company(world)
    sync()
    pay(world, buyer, (bill, 7))
    sync.extract()  # the run dies here: the open set is remembered, nothing is sent
    world.chargeover("clock", {"advance_seconds": 3600})
    sync()

    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Balance__c"] == 18


def test_a_silent_change_of_a_subscription_outlives_a_run_that_dies(world, sync):
    """No cursor moves and nothing touches it: only the open set shows it, and that is remembered as it is now."""
    package = subscribe(world, customer(world))
    sync()
    world.chargeover("clock", {"advance_seconds": 3600})
    sync()
    world.act("package", package, "paycycle", paycycle="yrl")
    sync.extract()

    sync()

    assert world.rows("ChargeOver_Subscription__c")[str(package)]["Pay_Cycle__c"] == "Yearly"


def test_a_watermark_stays_while_a_row_has_no_verdict(world, sync, files):
    files.keep("customers", "products")
    sync()
    before = sync.ledger.watermarks()["Account"].end_at
    customer(world)
    world.salesforce("faults", [{"kind": "limit_exceeded", "path": "composite"}])
    with pytest.raises(TryLater):
        sync()
    assert sync.ledger.watermarks()["Account"].end_at == before

    assert sync()["Account"] == {"read": 1, "created": 1}
    assert sync.ledger.watermarks()["Account"].end_at > before


def test_the_api_limit_stops_the_run_with_one_sentence_and_the_next_goes_on(world, sync):
    company(world)
    world.salesforce("faults", [{"kind": "limit_exceeded", "path": "composite"}])

    with pytest.raises(TryLater, match="REQUEST_LIMIT_EXCEEDED") as stopped:
        sync()
    assert "\n" not in str(stopped.value)
    assert counts(world) == dict.fromkeys(tables, 0)

    sync()
    assert counts(world) == complete


def test_an_expired_session_is_renewed_in_the_middle_of_a_run(world, sync):
    company(world)
    world.salesforce("faults", [{"kind": "expired_session", "path": "composite", "count": 1}])

    sync()

    assert counts(world) == complete


@pytest.mark.parametrize("kind", ["lost_answer", "503_after_commit", "drop", "cut_json"])
def test_work_done_without_an_answer_doubles_nothing(world, sync, kind):
    company(world)
    world.salesforce("faults", [{"kind": kind, "path": "composite", "count": 1}])

    told = sync()

    assert counts(world) == complete
    assert all(each["read"] == each.get("created", 0) + each.get("updated", 0) for each in told.values())
    assert sync.ledger.owed() == []


def test_a_wrong_secret_is_said_before_anything_is_sent(world, sync, monkeypatch):
    company(world)
    monkeypatch.setenv("SALESFORCE_CLIENT_SECRET", "wrong")
    with pytest.raises(FixAccess) as stopped:
        sync()
    assert "\n" not in str(stopped.value)
    assert "wrong" not in str(stopped.value).replace("is wrong", "")

    monkeypatch.setenv("SALESFORCE_CLIENT_SECRET", "sandbox-client-secret")
    sync()
    assert counts(world) == complete


def test_a_mapping_that_does_not_fit_the_org_stops_alone(world, sync, files):
    company(world)
    files.edit("invoice_lines", "Units__c:              item_units", "Unit__c:               item_units")
    sync.extract()
    loaded = sync.load(sync.map())

    assert [name for name, each in loaded.items() if each.is_stopped] == ["ChargeOver_Invoice_Line__c"]
    assert "ChargeOver_Invoice_Line__c" not in sync.ledger.watermarks()
    assert counts(world) == complete | {"ChargeOver_Invoice_Line__c": 0}

    files.edit("invoice_lines", "Unit__c:               item_units", "Units__c:              item_units")
    sync()
    assert counts(world) == complete
