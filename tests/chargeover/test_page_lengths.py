"""Pages: whole lists whatever length an account cuts them to, and shorter ones where long ones take too long."""

import re
import socket
from threading import Thread

import pytest
import requests
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stage import Desk, client_of, company_of, on_list

from pipelines.chargeover.answer import QuestionRefused
from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.records import read_list
from pipelines.errors import TryLater
from sandbox import chargeover as sandbox

customer, item, package, card = (CATALOG[name] for name in ("customer", "item", "package", "creditcard"))
at_504 = (504, "text/html", "<html>Gateway time-out</html>")


def ids(chargeover, kind=customer, **options):
    return [row[kind.key] for seen in read_list(chargeover, kind, **options) for row in seen.rows]


@settings(max_examples=30)
@given(clamp=st.integers(10, 90), sizes=st.lists(st.integers(0, 200), min_size=1, max_size=3))
@example(clamp=37, sizes=[100])
@example(clamp=100, sizes=[30, 230])
@example(clamp=10, sizes=[9, 10, 11])
def test_no_length_that_an_account_cuts_pages_to_loses_a_record(running_stage, clamp, sizes):
    """One client reads lists that grow and shrink, each of them more than once."""
    company = company_of(page_limit=clamp)
    running_stage.reset(sandbox.app(company))
    chargeover, desk, made = client_of(running_stage), Desk(company), []
    chargeover.now()
    for size in (*sizes, *sizes):
        made += [desk.item() for _ in range(size - len(made))]
        for each in [made.pop() for _ in range(len(made) - size)]:
            company.tables["item"].remove(company.tables["item"].rows[each])
        calls, seen = chargeover.calls, list(read_list(chargeover, item))

        assert [row["item_id"] for page in seen for row in page.rows] == made
        assert [page.is_last for page in seen] == [False] * (len(seen) - 1) + [True]
        assert chargeover.calls - calls <= size // clamp + 2


def test_what_was_seen_of_one_list_is_not_believed_of_another(stage, company):
    """Customers come 500 a page here and packages 40, since their lines come with them."""
    desk = Desk(company)
    buyer = desk.customers(500)[0]
    made = [desk.create("package", customer_id=buyer) for _ in range(90)]
    chargeover = client_of(stage)
    ids(chargeover)
    company.configure(sandbox.Settings(page_limit=40))

    assert ids(chargeover, package) == made


def test_a_full_page_seen_once_spares_the_call_for_an_empty_one(chargeover, desk, stage):
    made = desk.customers(520)
    ids(chargeover)
    calls = chargeover.calls

    assert ids(chargeover, above=made[499]) == made[500:]
    assert chargeover.calls - calls == 1


@settings(max_examples=30)
@given(clamp=st.integers(10, 60), size=st.integers(0, 150), above=st.integers(0, 160))
@example(clamp=10, size=150, above=140)
def test_cards_whose_ids_cannot_be_filtered_come_whole_too(running_stage, clamp, size, above):
    company = company_of(page_limit=clamp)
    running_stage.reset(sandbox.app(company))
    desk = Desk(company)
    buyer = desk.customers(1)[0]
    made = [desk.card(buyer) for _ in range(size)]
    last = made[above] if above < size else (made or [0])[-1] if above else 0

    assert ids(client_of(running_stage, page_limit=60), card) == made
    assert ids(client_of(running_stage, page_limit=60), card, above=last) == [each for each in made if each > last]


@settings(max_examples=40)
@given(size=st.integers(15, 90), deleted=st.lists(st.sets(st.integers(0, 89), max_size=20), max_size=4))
def test_cards_deleted_and_added_while_they_are_read_hide_no_other(running_stage, size, deleted):
    company = company_of()
    running_stage.reset(sandbox.app(company))
    desk = Desk(company)
    buyer = desk.customers(1)[0]
    made = [desk.card(buyer) for _ in range(size)]
    staying, turns = set(made), iter(deleted)

    def disturb(path, query):
        if path == "creditcard":
            for each in {made[place] for place in next(turns, ()) if place < size} & staying:
                staying.remove(each)
                desk.call("DELETE", f"creditcard/{each}")
            desk.card(buyer)

    running_stage.before = disturb
    found = ids(client_of(running_stage, page_limit=10), card)

    assert staying <= set(found)
    assert found == sorted(set(found))
    assert len(company.tables["creditcard"].rows) > len(staying)


def test_a_list_whose_pages_never_join_is_left_to_the_next_run(stage, desk):
    buyer, offsets = desk.customers(1)[0], []
    for _ in range(40):
        desk.card(buyer)
    stage.before = lambda path, query: offsets.append(query.get("offset"))
    stage.edit = on_list(lambda rows: rows[1:] if offsets[-1] else rows)

    with pytest.raises(TryLater, match="creditcard: the list shrinks faster than it can be read after creditcard_id"):
        ids(client_of(stage, page_limit=10), card)


def test_a_long_list_of_cards_goes_on_where_it_stopped_in_a_few_calls(stage, desk):
    buyer = desk.customers(1)[0]
    made = [desk.card(buyer) for _ in range(600)]
    chargeover = client_of(stage, page_limit=10)
    chargeover.now()
    calls = chargeover.calls

    assert ids(chargeover, card, above=made[-4]) == made[-3:]
    assert chargeover.calls - calls <= 10
    calls = chargeover.calls
    assert ids(chargeover, card, above=made[299]) == made[300:]
    assert chargeover.calls - calls <= 300 / 9 + 10
    assert [(seen.rows, seen.is_last) for seen in read_list(chargeover, card, above=made[-1])] == [([], True)]


def test_cards_that_slide_to_the_very_front_are_looked_for_there(stage, desk):
    buyer = desk.customers(1)[0]
    made = [desk.card(buyer) for _ in range(21)]

    def disturb(path, query):
        if query.get("offset"):
            stage.before = lambda path, query: None
            for each in made[:15]:
                desk.call("DELETE", f"creditcard/{each}")

    stage.before = disturb
    assert ids(client_of(stage, page_limit=10), card) == [*made[:10], *made[15:]]


def test_a_page_that_takes_too_long_is_asked_for_in_halves_and_stays_small(chargeover, desk, stage):
    made = desk.customers(300)
    chargeover.now()
    stage.canned = [at_504, at_504]
    calls = len(stage.asked)

    assert ids(chargeover.on_behalf_of("sweep")) == made
    assert [int(query["limit"]) for _, query in stage.asked[calls:]] == [500, 250, 125, 125, 125]
    assert chargeover.page_limit("customer") == 125
    assert chargeover.page_limit("invoice") == 500
    assert ids(chargeover) == made


def test_half_a_page_does_not_end_a_list_that_was_once_seen_to_fill_whole_ones(chargeover, desk, stage):
    made = desk.customers(600)
    assert ids(chargeover) == made
    stage.canned = [at_504]

    assert ids(chargeover) == made
    assert chargeover.page_limit("customer") == 250


def test_a_page_that_times_out_is_asked_for_in_halves(stage, desk):
    made = desk.customers(60)
    chargeover = client_of(stage, timeout_seconds=(5, 0.15))
    chargeover.now()
    fault = {"kind": "slow", "seconds": 0.3, "over_limit_of": 125, "count": 9}
    requests.post(f"{stage.url}/_admin/faults", json=[fault], timeout=5).raise_for_status()

    assert ids(chargeover) == made
    assert [query["limit"] for path, query in stage.asked if path == "customer"][1:] == ["500", "250", "125", "125"]


def test_a_page_whose_answer_stalls_on_its_way_is_asked_for_in_halves():
    whole = b'{"code":200,"status":"OK","message":"","details":{},"response":[]}'
    asked, waiting = [], []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            for _ in range(3):
                waiting.append(listening.accept()[0])
                asked.append(re.search(rb"limit=(\d+)", waiting[-1].recv(9999))[1])
                sent = whole[:9] if asked[-1] == b"500" else whole
                head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(whole)
                waiting[-1].sendall(head + sent)

        answering = Thread(target=answer, daemon=True)
        answering.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        account = ChargeOver(url, "a", "b", timeout_seconds=(5, 0.1))

        assert account.page("customer", []).is_last
        answering.join(5)
    for each in waiting:
        each.close()
    assert asked == [b"1", b"500", b"250"]


def test_pages_become_no_smaller_than_ten_and_then_patience_counts(chargeover, stage):
    chargeover.now()
    stage.canned = [at_504] * 99
    calls = len(stage.asked)

    with pytest.raises(TryLater, match="HTTP 504"):
        ids(chargeover)

    asked = [int(query["limit"]) for _, query in stage.asked[calls:]]
    assert asked == [500, 250, 125, 62, 31, 15, *[10] * 6]


def test_a_single_record_that_takes_too_long_is_asked_for_again(chargeover, desk, stage):
    made = desk.customers(1)
    chargeover.now()
    stage.canned = [at_504, at_504]

    assert chargeover.get("customer", made[0]).rows[0]["customer_id"] == made[0]
    stage.canned = [at_504]
    assert chargeover.count("customer", []) == 1
    assert chargeover.page_limit("customer") == 500


def test_an_account_that_refuses_long_pages_is_asked_for_shorter_ones_once_that_is_known(stage, company, desk):
    company.configure(sandbox.Settings(page_limit=50, over_limit="refuse"))
    made = desk.customers(120)
    chargeover = client_of(stage)
    watch = chargeover.on_behalf_of("watch")
    watch.now()
    stage.canned = [at_504]
    with pytest.raises(QuestionRefused):
        ids(watch)

    chargeover.cap_pages(50)

    assert ids(watch) == made
    assert watch.page_limit("customer") == watch.page_limit("invoice") == 50
