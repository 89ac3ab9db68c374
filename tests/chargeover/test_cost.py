"""What going through a list costs is what it takes in the end."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.cost import Cost, cost_of
from pipelines.chargeover.records import read_list

chicago = ZoneInfo("America/Chicago")


def cost(chargeover, name, can=None, page_limit=500):
    kind = CATALOG[name].supported(can or {})
    return cost_of(chargeover, kind, page_limit, chicago, chargeover.now())


def sweep(stage, kind, page_limit=500):
    """How many calls a sweep takes in fact, by a client that has seen nothing of the account yet."""
    chargeover = ChargeOver(stage.url, "sandbox-public-key", "sandbox-private-key", page_limit=page_limit)
    chargeover.now()
    before = chargeover.calls
    list(read_list(chargeover, kind))
    return chargeover.calls - before


@pytest.mark.parametrize("page_limit", [100, 500])
@pytest.mark.parametrize("records", [0, 1, 9, 10, 99, 100, 101, 499, 500, 501])
def test_a_sweep_costs_as_many_calls_as_its_pages(chargeover, stage, desk, records, page_limit):
    desk.customers(records)

    found = cost(chargeover, "customer", page_limit=page_limit)

    assert found == Cost(records, None, sweep(stage, CATALOG["customer"], page_limit))


def test_records_that_lists_show_in_part_cost_a_call_each(chargeover, stage, desk):
    customer = desk.customers(1)[0]
    for _ in range(12):
        desk.create("quote", customer_id=customer, line_items=[{"item_id": desk.item()}])
        desk.create("user", customer_id=customer, first_name="Ada")
    whole = CATALOG["quote"].supported({"expand quote.line_items": "yes"})

    assert cost(chargeover, "quote") == Cost(12, 2, 2 + 12)
    assert sweep(stage, CATALOG["quote"]) == 2 + 12
    assert cost(chargeover, "user").sweep == sweep(stage, CATALOG["user"]) == 2
    assert cost_of(chargeover, whole, 500, chicago, chargeover.now()).sweep == 2


def test_a_look_costs_the_pages_of_what_is_watched(chargeover, desk, company):
    customer = desk.customers(1)[0]
    for _ in range(12):
        desk.pay(customer, desk.invoice(customer), 80)
    desk.invoice(customer)
    company.clock.advance(timedelta(days=61).total_seconds())
    desk.pay(customer, desk.invoice(customer), 80)

    assert cost(chargeover, "invoice") == Cost(14, 1, 2)
    assert cost(chargeover, "transaction") == Cost(13, 1, 2)
    refused = {"filter invoice.invoice_status_state": "no", "filter transaction.transaction_datetime": "no"}
    assert cost(chargeover, "invoice", refused).watch == 2
    assert cost(chargeover, "transaction", refused).watch == 2
