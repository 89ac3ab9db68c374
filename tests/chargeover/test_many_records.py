"""Many records by id: each once, in few calls, and gone only if ChargeOver says so."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stage import Desk, client_of, company_of

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.many import read_many
from sandbox import chargeover as sandbox

item, customer, invoice = CATALOG["item"], CATALOG["customer"], CATALOG["invoice"]


def read(chargeover, kind, ids):
    """The ids that came, and those that are gone, in the order in which they came."""
    chargeover.now()
    found, gone = [], []
    for seen, missing in read_many(chargeover, kind, ids):
        found += [row[kind.key] for row in seen.rows]
        gone += missing
    return found, gone


def lists_and_gets(stage):
    paths = [path for path, query in stage.asked if query.get("limit") != "1"]
    return sum("/" not in path for path in paths), sum("/" in path for path in paths)


@settings(max_examples=60)
@given(
    wanted=st.sets(st.integers(1, 140), max_size=60),
    deleted=st.sets(st.integers(1, 120), max_size=60),
    limit=st.integers(4, 60),
    clamp=st.integers(10, 60),
)
@example(wanted={1, 50, 51, 52}, deleted={1, 50, 51, 52}, limit=60, clamp=10)
@example(wanted=set(range(1, 120, 15)), deleted=set(range(1, 120, 15)), limit=60, clamp=10)
@example(wanted=set(range(1, 121)), deleted=set(), limit=60, clamp=13)
@example(wanted=set(range(1, 61)), deleted=set(range(30, 61)), limit=60, clamp=60)
def test_exactly_the_wanted_records_come_each_once_in_few_calls(running_stage, wanted, deleted, limit, clamp):
    company = company_of(page_limit=clamp)
    running_stage.reset(sandbox.app(company))
    desk, table = Desk(company), company.tables["item"]
    first = desk.item()
    for _ in range(119):
        desk.item()
    for each in deleted:
        table.remove(table.rows[first - 1 + each])
    ids = {first - 1 + each for each in wanted}

    found, gone = read(client_of(running_stage, page_limit=limit), item, ids)

    assert sorted(found) == sorted(ids & table.rows.keys())
    assert sorted(gone) == sorted(ids - table.rows.keys())
    lists, gets = lists_and_gets(running_stage)
    assert gets <= len(ids)
    assert lists <= len(ids) // 3 + 1


def test_records_near_to_each_other_cost_one_call_and_bring_their_children(chargeover, desk, stage):
    buyer = desk.customers(1)[0]
    made = [desk.invoice(buyer) for _ in range(20)]
    wanted = [made[0], made[7], made[8], made[19]]
    chargeover.now()

    reads = list(read_many(chargeover, invoice, wanted))

    assert [([row["invoice_id"] for row in seen.rows], gone) for seen, gone in reads] == [(wanted, ())]
    assert all(row["line_items"] for seen, _ in reads for row in seen.rows)
    assert lists_and_gets(stage) == (1, 0)


def test_an_account_that_cuts_pages_is_asked_for_the_rest_by_page_too(stage, desk, company):
    made = desk.customers(60)
    company.configure(sandbox.Settings(page_limit=10))

    assert read(client_of(stage), customer, made) == (made, [])
    assert lists_and_gets(stage) == (6, 0)


def test_two_records_and_those_far_apart_are_read_alone(chargeover, desk, stage):
    made = desk.customers(3)
    wanted = [made[0], made[1], made[2] + 10_000, made[2] + 20_000]

    assert read(chargeover, customer, wanted) == (wanted[:2], wanted[2:])
    assert lists_and_gets(stage) == (0, 4)


def test_cards_whose_ids_cannot_be_filtered_are_read_alone(chargeover, desk, stage):
    made = [desk.card(desk.customers(1)[0]) for _ in range(4)]

    assert read(chargeover, CATALOG["creditcard"], made) == (made, [])
    assert lists_and_gets(stage) == (0, 4)


def test_where_lists_show_no_record_whole_they_are_asked_once_only(chargeover, desk, stage):
    buyer, line = desk.customers(1)[0], {"item_id": desk.item(), "line_quantity": 2}
    made = [desk.create("quote", customer_id=buyer, line_items=[line]) for _ in range(700)]
    wanted = [*made[:4], *made[600:604]]
    chargeover.now()

    rows = [row for seen, _ in read_many(chargeover, CATALOG["quote"], wanted) for row in seen.rows]

    assert [row["quote_id"] for row in rows] == wanted
    assert all(row["line_items"] for row in rows)
    assert lists_and_gets(stage) == (1, 8)


def test_a_record_that_a_list_lacks_is_not_taken_for_gone(chargeover, desk, stage):
    """Lists and single records may be answered by different machines: the list may lag behind."""
    made = desk.customers(5)
    stage.edit = lambda path, body: (
        body.replace(b'"response":[', b'"response":[],"was":[') if path == "customer" else body
    )

    assert read(chargeover, customer, made) == (made, [])


def test_each_reading_bears_the_time_of_its_own_call(chargeover, desk, company, stage):
    made = desk.customers(2)
    chargeover.now()
    stage.before = lambda path, query: company.clock.advance(3600)

    first, second = (seen.observed_at for seen, _ in read_many(chargeover, customer, made))

    assert (second - first).total_seconds() == pytest.approx(3600, abs=2)


def test_nothing_wanted_costs_nothing(chargeover, stage):
    assert list(read_many(chargeover, customer, [])) == []
    assert stage.asked == []
