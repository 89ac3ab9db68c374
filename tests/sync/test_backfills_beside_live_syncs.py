"""A backfill beside live syncs: nothing older overwrites what is newer, no change is lost, and live keeps its calls."""

from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Thread

import pytest
from deeds import customer, invoice

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.months import Span
from pipelines.salesforce.org import Org
from pipelines.settings import ChargeOverSettings, read_settings
from pipelines.sync.backfill import read_back
from pipelines.sync.budget import SharedBudget
from pipelines.sync.load import Loader
from pipelines.sync.map import map_records
from pipelines.sync.run import Run
from pipelines.sync.source import source_of
from pipelines.sync.staged import Staged
from pipelines.sync.wanted import Wanted

pytestmark = pytest.mark.slow


@dataclass
class Backfill:
    """A backfill in its two halves, so that a test can do something between them."""

    sync: object

    def read(self, name):
        sync = self.sync
        source = source_of(read_settings(ChargeOverSettings), sync.ledger)
        mappings = [each for each in sync.shelf().mappings if each.object == name]
        records = sync.staging.dataset("backfill", "chargeover", name)
        read_back(source, Wanted(CATALOG[name], mappings, records), sync.ledger, Span())
        return [self._mapped(each, records) for each in mappings]

    def _mapped(self, mapping, records):
        payloads = self.sync.staging.dataset("backfill", "mapped", mapping.name)
        map_records(mapping, CATALOG[mapping.object], records, payloads, read_settings(ChargeOverSettings).zone)
        return Staged(mapping, CATALOG[mapping.object], payloads, records)

    def load(self, work):
        shelf = self.sync.shelf()
        run = Run("backfill", lambda: datetime.now(UTC), {each.to: each.fingerprint for each in shelf.mappings})
        keys = {each.to: each.external_id for each in shelf.mappings}
        loader = Loader(self.sync.org(), self.sync.ledger, run, keys, moves_watermarks=False)
        return {loaded.mapping.to: loaded.tally.as_numbers() for loaded in loader.load(work)}


@pytest.fixture
def backfill(sync, files):
    files.keep("customers", "transactions", "invoices", "subscriptions")
    return Backfill(sync)


def test_what_a_backfill_has_read_never_overwrites_what_a_live_sync_has_landed_since(world, sync, backfill):
    acme = world.create("customer", company="Acme")
    sync()
    world.call("PUT", f"customer/{acme}", {"company": "Acme before"})
    work = backfill.read("customer")
    world.call("PUT", f"customer/{acme}", {"company": "Acme after"})
    sync()

    counts = backfill.load(work)

    assert world.rows("Account")[str(acme)]["Name"] == "Acme after"
    assert (counts["Account"]["unchanged"], counts["Account"]["updated"]) == (1, 0)


def test_a_backfill_that_dies_keeps_no_silent_change_from_the_next_look(world, sync, backfill, monkeypatch):
    """An invoice turns overdue without a sign; the backfill sees it and dies, so the next look at the list must too."""
    monkeypatch.setenv("CHARGEOVER_SWEEP_EVERY_HOURS", "10000")
    bill = invoice(world, customer(world), 80)
    sync()
    world.chargeover("clock", {"advance_seconds": 3600})  # no window reaches back to its creation
    sync()
    world.chargeover("clock", {"advance_seconds": 200 * 86400})  # overdue by now, and nothing says so
    backfill.read("invoice")

    before = world.rows("ChargeOver_Invoice__c")[str(bill)]["Status__c"]
    sync()

    assert (before, world.rows("ChargeOver_Invoice__c")[str(bill)]["Status__c"]) == ("Unpaid", "Overdue")


def test_others_can_write_rows_of_other_customers_while_a_request_of_a_backfill_is_under_way(
    world, backfill, ledger, monkeypatch
):
    acme = customer(world)
    work, told, upsert = backfill.read("customer"), [], Org.upsert

    def is_free(one):
        def take():
            with ledger.fence.hold({one}):
                pass

        thread = Thread(target=take, daemon=True)
        thread.start()
        thread.join(1 if one == acme else 30)
        return not thread.is_alive()

    def while_it_is_sent(self, request):
        told.extend([is_free(acme), is_free(acme + 1)])
        return upsert(self, request)

    monkeypatch.setattr(Org, "upsert", while_it_is_sent)
    backfill.load(work)

    assert told == [False, True]


def test_a_backfill_of_everything_leaves_half_of_the_calls_of_a_minute(ledger):
    class Stopped:
        def now(self):
            return datetime(2026, 3, 1, 12, tzinfo=UTC)

        def sleep(self, seconds):
            raise TimeoutError

    budget = SharedBudget(ledger, "https://acme.chargeover.com", 10, Stopped())
    for _ in range(5):
        budget.take("backfill")
    with pytest.raises(TimeoutError):
        budget.take("backfill")
    for _ in range(5):
        budget.take("webhook")

    spent = ledger.spent("https://acme.chargeover.com", datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert spent == {"backfill": 5, "webhook": 5}
