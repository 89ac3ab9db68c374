"""A row on which Salesforce fails inside, with its collection or the whole call, is found and refused alone.

That one row can do so is inferred; each count of calls is what such a row costs."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.errors import TryLater
from pipelines.salesforce.batch import Request
from pipelines.salesforce.org import Org
from pipelines.salesforce.session import Patience

pytestmark = pytest.mark.slow

INVOICE = "ChargeOver_Invoice__c"
LONG = 100_000


def account(number: int) -> dict[str, object]:
    return {"ChargeOver_Id__c": str(number), "Name": f"Account {number}"}


def invoice(number: int, account_number: int) -> dict[str, object]:
    return {
        "ChargeOver_Id__c": str(number),
        "Name": f"I-{number}",
        "Account__r": {"ChargeOver_Id__c": str(account_number)},
    }


@pytest.fixture
def poison(vendor):
    """Makes rows, by sObject and external id, that crash their collection or the whole call."""

    def make(number: int, sobject: str = "Account", *, whole_call: bool) -> None:
        vendor.fault("crash", sobject=sobject, field="ChargeOver_Id__c", value=str(number), count=LONG,
                     whole_call=whole_call)  # fmt: skip

    return make


@pytest.fixture
def thousand(rows):
    return [rows("Account", *map(account, range(start, start + 200))) for start in range(0, 1000, 200)]


def refused(replies):
    """The position of each row that did not land, with its code."""
    flat = [reply for some in replies for reply in some]
    return {position: reply.code for position, reply in enumerate(flat) if not reply.success}


@pytest.mark.parametrize("number", [0, 77, 199])
def test_a_row_that_fails_its_collection_is_refused_alone_after_five_calls(vendor, rows, send, poison, waits, number):
    poison(number, whole_call=False)

    replies = send(rows("Account", *map(account, range(200))), rows(INVOICE, *(invoice(n, n) for n in range(200))))

    held = {200 + number: "INVALID_FIELD"}
    assert refused(replies) == {number: "UNKNOWN_EXCEPTION"} | held
    assert len(vendor.rows("Account")) == len(vendor.rows(INVOICE)) == 199
    assert len(vendor.calls()) == 5 + 1  # and one for the children of rows that landed late
    assert len(waits) == 4


def test_a_row_that_fails_its_collection_is_found_also_by_who_tries_less_often(vendor, credentials, rows, poison):
    poison(7, whole_call=False)
    with Org(credentials, patience=Patience(tries=2, sleep=lambda _: None)) as org:
        replies = org.upsert(Request([rows("Account", *map(account, range(200)))]))

    assert refused(replies) == {7: "UNKNOWN_EXCEPTION"}


def test_a_row_that_fails_the_whole_call_costs_thirty_calls_among_a_thousand(vendor, send, thousand, poison, waits):
    poison(477, whole_call=True)

    replies = send(*thousand)

    assert refused(replies) == {477: "UNKNOWN_EXCEPTION"}
    assert len(vendor.rows("Account")) == 999
    assert len(vendor.calls()) == 30
    assert len(waits) == 8  # the call and the bad row alone are tried five times, what lies between once


def test_several_rows_that_fail_the_whole_call_are_refused_and_no_others(vendor, send, thousand, poison):
    bad = {0, 1, 203, 405, 611, 620, 998, 999}
    for number in bad:
        poison(number, whole_call=True)

    replies = send(*thousand)

    assert refused(replies) == dict.fromkeys(bad, "UNKNOWN_EXCEPTION")
    assert len(vendor.rows("Account")) == 1000 - len(bad)


def test_children_of_a_call_that_was_cut_land_and_those_of_the_bad_row_are_held(vendor, rows, send, poison):
    poison(3, whole_call=True)

    replies = send(rows("Account", *map(account, range(10))), rows(INVOICE, *(invoice(n, n) for n in range(10))))

    assert refused(replies) == {3: "UNKNOWN_EXCEPTION", 13: "INVALID_FIELD"}
    assert replies[1][3].held


def test_a_row_that_failed_the_whole_call_does_not_travel_with_locked_rows(vendor, rows, send, poison):
    send(rows("Account", account(5)))
    poison(3, whole_call=True)
    vendor.fault("lock", sobject="Account", field="ChargeOver_Id__c", value="5", count=2)

    assert refused(send(rows("Account", *map(account, range(10))))) == {3: "UNKNOWN_EXCEPTION"}


def test_a_text_that_looks_like_a_reference_does_not_protect_a_bad_row(rows, send, poison):
    poison(3, whole_call=False)
    texts = [{**account(n), "Name": "@{c0_0.id}"} for n in range(6)]

    assert refused(send(rows("Account", *texts))) == {3: "UNKNOWN_EXCEPTION"}


def test_a_row_alone_on_which_salesforce_fails_is_refused_after_five_tries(vendor, org, rows, send, waits):
    vendor.fault("500", path="composite", count=LONG)

    (reply,) = send(rows("Account", account(1)))[0]

    assert (reply.code, reply.held, reply.stops) == ("UNKNOWN_EXCEPTION", False, False)
    assert (org.usage.write_calls_made, len(waits)) == (5, 4)


def test_an_outage_is_not_taken_for_bad_rows_and_costs_twenty_calls(vendor, org, send, thousand):
    vendor.fault("500", path="composite", count=LONG)

    with pytest.raises(TryLater, match="busy"):
        send(*thousand)

    assert org.usage.write_calls_made == 20


def test_an_outage_that_begins_while_a_bad_row_is_sought_is_one(vendor, org, send, thousand, poison):
    poison(477, whole_call=True)
    vendor.fault("500", path="composite", after_calls=9, count=LONG)

    with pytest.raises(TryLater, match="busy"):
        send(*thousand)

    assert org.usage.write_calls_made < 9 + 32


def test_an_sobject_of_which_every_collection_fails_costs_few_calls_and_the_others_land(vendor, rows, send):
    vendor.fault("crash", sobject=INVOICE, count=LONG)
    send(rows("Account", *map(account, range(200))))

    replies = send(*(rows(INVOICE, *(invoice(n, n % 200) for n in range(s, s + 200))) for s in range(0, 1000, 200)))

    assert set(refused(replies).values()) == {"UNKNOWN_EXCEPTION"}
    assert len(vendor.calls()) - 1 == 21


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(size=st.integers(1, 40), bad=st.sets(st.integers(0, 79), min_size=1, max_size=3), whole_call=st.booleans())
def test_wherever_a_few_bad_rows_stand_they_alone_are_refused(vendor, rows, send, poison, size, bad, whole_call):
    vendor.org.faults.clear()
    bad = {number % (2 * size) for number in bad}
    for number in bad:
        poison(number, whole_call=whole_call)

    replies = send(rows("Account", *map(account, range(size))), rows("Account", *map(account, range(size, 2 * size))))

    assert refused(replies) == dict.fromkeys(bad, "UNKNOWN_EXCEPTION")
