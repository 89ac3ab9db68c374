"""Lists by id keyset: whole, each record once, whatever happens to the data meanwhile."""

from itertools import islice

import pytest
from stage import on_list

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.records import read_list
from pipelines.errors import TryLater

customer = CATALOG["customer"]


def pages(chargeover, kind=customer):
    return [[row[kind.key] for row in seen.rows] for seen in read_list(chargeover, kind)]


def test_an_empty_list_is_one_empty_page_that_is_the_last(chargeover, stage):
    assert [(seen.rows, seen.is_last) for seen in read_list(chargeover, customer)] == [([], True)]
    assert [path for path, _ in stage.asked] == ["customer", "customer"]  # the first one asked for the time


def test_a_list_longer_than_a_page_comes_whole_and_in_order(chargeover, desk):
    made = desk.customers(503)

    found = pages(chargeover)

    assert [len(page) for page in found] == [500, 3]
    assert [each for page in found for each in page] == made


def test_a_list_of_exactly_one_page_ends_with_an_empty_page(chargeover, desk, stage):
    desk.customers(500)

    assert [(len(seen.rows), seen.is_last) for seen in read_list(chargeover, customer)] == [(500, False), (0, True)]
    assert stage.asked[-1][1]["where"] == "customer_id:GT:500"


def test_pages_are_asked_for_by_id_and_never_by_offset(chargeover, desk, stage):
    desk.customers(501)
    pages(chargeover)

    asked = [query for _, query in stage.asked[1:]]
    assert [query["where"] for query in asked] == ["customer_id:GT:0", "customer_id:GT:500"]
    assert all(query["order"] == "customer_id:ASC" and "offset" not in query for query in asked)


def test_a_list_goes_on_above_an_id(chargeover, desk, stage):
    made = desk.customers(8)

    assert [row["customer_id"] for seen in read_list(chargeover, customer, above=made[4]) for row in seen.rows] == made[
        5:
    ]
    assert stage.asked[-1][1]["where"] == f"customer_id:GT:{made[4]}"


def test_records_made_changed_and_deleted_between_two_pages_are_neither_lost_nor_doubled(chargeover, desk, stage):
    made = desk.customers(600)
    stage.before = lambda path, query: "GT:500" in query.get("where", "") and disturb()

    def disturb():
        stage.before = lambda path, query: None
        desk.call("DELETE", f"customer/{made[0]}")  # every offset behind it moves by one
        desk.edit("customer", made[1], company="Changed behind us")
        desk.edit("customer", made[550], company="Changed before us")
        desk.customers(1)

    rows = {row["customer_id"]: row for seen in read_list(chargeover, customer) for row in seen.rows}

    assert list(rows) == [*made, made[-1] + 1]
    assert rows[made[550]]["company"] == "Changed before us"


@pytest.mark.parametrize(
    "spoil",
    [lambda rows: rows[::-1], lambda rows: [*rows, rows[-1]], lambda rows: rows[:1] + rows[:1]],
    ids=["out of order", "last one twice", "same one twice"],
)
def test_a_page_out_of_order_or_with_repeats_stops_and_nothing_of_it_is_taken(chargeover, desk, stage, spoil):
    desk.customers(3)
    stage.edit = on_list(spoil)
    taken = []

    with pytest.raises(TryLater, match=r"customer: a page repeats records or is out of order after customer_id 0"):
        taken.extend(read_list(chargeover, customer))
    assert taken == []


def test_a_server_that_ignores_the_filter_stops_instead_of_going_round(chargeover, desk, stage):
    desk.customers(510)
    first_page = []

    def same_again(path, body):
        if b'"customer_id":501' in body and first_page:
            return first_page[0]
        first_page[:] = [body]
        return body

    stage.edit = same_again
    with pytest.raises(TryLater, match="repeats records or is out of order after customer_id 500"):
        list(islice(read_list(chargeover, customer), 5))  # without the check it would go on for ever


@pytest.mark.parametrize("bad", ["none", None, "", "12a", {}])
def test_a_record_without_a_usable_id_is_named(chargeover, desk, stage, bad):
    desk.customers(1)
    stage.edit = on_list(lambda rows: [row | {"customer_id": bad} for row in rows])

    with pytest.raises(TryLater, match="customer: a record without a usable customer_id") as stopped:
        list(read_list(chargeover, customer))
    assert repr(bad) in str(stopped.value)


def test_ids_written_as_text_are_paged_like_numbers(chargeover, desk, stage):
    desk.customers(12)
    stage.edit = on_list(lambda rows: [row | {"customer_id": str(row["customer_id"])} for row in rows])

    assert pages(chargeover) == [[str(each) for each in range(1, 13)], []]


def test_a_filter_that_the_account_does_not_have_is_said_in_its_own_words(chargeover):
    with pytest.raises(Exception, match=r"HTTP 400, You cannot filter by: mod_datetime") as refused:
        list(read_list(chargeover, CATALOG["user"], ["mod_datetime:GTE:2026-01-01"]))
    assert type(refused.value).__name__ == "QuestionRefused"
