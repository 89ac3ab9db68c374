"""Several writers at once: each has customers of its own, and two runs never leave the older state last."""

import threading
import time

import pytest
from deeds import customer, edit, invoice


def test_a_large_load_goes_through_several_writers_and_lands_as_through_one(world, sync, files):
    files.keep("customers", "invoices", "invoice_lines", "products", "subscriptions", "subscription_lines")
    acme = [customer(world, f"Customer {number}") for number in range(300)]
    for number, each in enumerate(acme * 4):
        invoice(world, each, 10 + number, 5)

    counts = sync()

    assert counts["ChargeOver_Invoice__c"] == {"read": 1200, "created": 1200}
    assert counts["ChargeOver_Invoice_Line__c"] == {"read": 2400, "created": 2400}
    names = {row["Id"]: key for key, row in world.rows("Account").items()}
    owners = {key: names[row["Account__c"]] for key, row in world.rows("ChargeOver_Invoice__c").items()}
    assert {int(key): int(owner) for key, owner in owners.items()} == {
        row["invoice_id"]: row["customer_id"] for row in world.chargeover("state/invoice")
    }
    assert sync.ledger.owed() == []


def test_a_parent_among_another_writer_s_customers_is_waited_for(world, sync, files):
    files.keep("customers")
    groups = [customer(world, f"Group {number}") for number in range(40)]
    for number in range(2_100):  # enough for two writers; the parent of an even one is odd
        customer(world, f"Customer {number}", parent_customer_id=groups[(number + 1) % 40])

    assert sync()["Account"] == {"read": 2_140, "created": 2_140}
    rows = world.rows("Account")
    assert sum(row.get("ParentId") is not None for row in rows.values()) == 2_100


def overlapping(sync, world, acme):
    """The payloads of two runs, the older one first."""
    edit(world, "customer", acme, company="Older")
    sync.extract()
    older = sync.map()
    edit(world, "customer", acme, company="Newer")
    world.chargeover("clock", {"advance_seconds": 1})
    sync.extract()
    return older, sync.map()


def test_a_request_under_way_with_an_older_state_is_waited_for(world, sync, files):
    files.keep("customers")
    acme = customer(world)
    sync()
    older, newer = overlapping(sync, world, acme)
    world.salesforce("faults", [{"kind": "slow", "path": "composite", "seconds": 1}])
    slow = threading.Thread(target=sync.load, args=(older,))
    slow.start()
    time.sleep(0.4)  # its request is under way now
    sync.load(newer)
    slow.join()

    assert world.rows("Account")[str(acme)]["Name"] == "Newer"
    assert sync.ledger.owed() == []


def test_an_older_state_that_comes_second_is_not_sent(world, sync, files):
    files.keep("customers")
    acme = customer(world)
    sync()
    older, newer = overlapping(sync, world, acme)
    sync.load(newer)
    calls = world.write_calls()
    sync.load(older)

    assert world.write_calls() == calls
    assert world.rows("Account")[str(acme)]["Name"] == "Newer"


def test_one_writer_that_fails_stops_the_others_and_the_next_run_finishes(world, sync, files):
    files.keep("customers")
    for number in range(3_000):
        customer(world, f"Customer {number}")
    world.salesforce("faults", [{"kind": "limit_exceeded", "path": "composite"}])
    sync.extract()
    with pytest.raises(Exception, match="REQUEST_LIMIT"):
        sync.load(sync.map())
    assert "Account" not in sync.ledger.watermarks()

    sync()
    assert len(world.rows("Account")) == 3_000
