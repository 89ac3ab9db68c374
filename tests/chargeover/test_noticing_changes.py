"""What shows a change: cursors in a closed window, what records touch, and marks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.object import Watched
from pipelines.chargeover.records import mark_of, read_list
from pipelines.chargeover.signals import Window, read_window, touched_by
from sandbox.chargeover import Settings

chicago = ZoneInfo("America/Chicago")
start = datetime(2026, 3, 2, 12, tzinfo=UTC)
minute = timedelta(minutes=1)


@pytest.fixture
def at(company):
    """Sets ChargeOver's clock to some minutes after the start."""
    return lambda minutes: company.clock.set(start + minutes * minute)


def changes(chargeover, kind, window):
    """What each cursor of the object shows: cursor to ids, those that show something."""
    found = {
        cursor: [
            row[CATALOG[kind].key]
            for reading in read_window(chargeover, CATALOG[kind], cursor, window, chicago)
            for row in reading.rows
        ]
        for cursor in CATALOG[kind].cursors
    }
    return {cursor: ids for cursor, ids in found.items() if ids}


def test_a_window_takes_what_changed_in_it_with_both_its_ends(chargeover, desk, at):
    made = {}
    for minutes in (-1, 0, 5, 10, 11):
        at(minutes)
        made[minutes] = desk.create("customer", company=f"At {minutes}")

    found = changes(chargeover, "customer", Window(start, start + 10 * minute))

    assert found == {"mod_datetime": [made[0], made[5], made[10]]}


def test_windows_that_follow_one_another_leave_no_gap_within_a_second(chargeover, desk, company):
    end_at = start + timedelta(milliseconds=500)
    company.clock.set(start)
    early = desk.create("customer", company="In the second in which the window ends")

    assert changes(chargeover, "customer", Window(start - minute, end_at)) == {"mod_datetime": [early]}
    assert changes(chargeover, "customer", Window(end_at, start + minute)) == {"mod_datetime": [early]}


def test_an_account_that_writes_times_without_a_zone_is_read_in_its_own(chargeover, desk, company, at):
    company.configure(Settings(datetimes="zoneless"))
    at(0)
    made = desk.create("customer", company="Now")

    assert changes(chargeover, "customer", Window(start - minute, start + minute)) == {"mod_datetime": [made]}
    assert changes(chargeover, "customer", Window(start - 300 * minute, start - minute)) == {}


def subscribe(desk, customer):
    return desk.create("package", customer_id=customer, line_items=[{"item_id": desk.item()}])


def test_a_cancellation_is_found_although_mod_datetime_stays(chargeover, desk, at):
    at(0)
    package = subscribe(desk, desk.customers(1)[0])
    at(60)
    desk.act("package", package, "cancel")

    row = chargeover.get("package", package).rows[0]
    assert row["mod_datetime"] < row["cancel_datetime"]
    assert changes(chargeover, "package", Window(start + 59 * minute, start + 61 * minute)) == {
        "cancel_datetime": [package]
    }


def test_a_transaction_touches_its_invoices_and_its_customer(chargeover, desk):
    customer = desk.customers(1)[0]
    invoice = desk.invoice(customer)
    desk.pay(customer, invoice, 5)
    rows = [row for seen in read_list(chargeover, CATALOG["transaction"]) for row in seen.rows]

    assert isinstance(rows[0]["applied_to"][0]["invoice_id"], str)  # nested ids are text, as recorded
    assert touched_by(CATALOG["transaction"], rows) == {
        "invoice": {invoice},
        "customer": {customer},
        "transaction": set(),
    }


def test_an_invoice_touches_its_subscription_and_its_customer(chargeover, desk):
    customer = desk.customers(1)[0]
    package = subscribe(desk, customer)
    desk.act("package", package, "invoice")
    desk.invoice(customer)  # without a subscription
    rows = [row for seen in read_list(chargeover, CATALOG["invoice"]) for row in seen.rows]

    assert touched_by(CATALOG["invoice"], rows) == {"package": {package}, "customer": {customer}}


@pytest.mark.parametrize("value", [None, 0, "0", "", "abc", -1, True, []])
def test_what_is_no_id_touches_nothing(value):
    assert touched_by(CATALOG["invoice"], [{"package_id": value, "customer_id": value}]) == {
        "package": set(),
        "customer": set(),
    }


def test_the_order_of_fields_makes_no_mark_and_any_value_does():
    assert mark_of({"a": 1, "b": 2}) == mark_of({"b": 2, "a": 1})
    assert mark_of({"a": 1}) != mark_of({"a": 2})


def test_a_refund_touches_the_payment_that_it_returns(chargeover, desk):
    customer = desk.customers(1)[0]
    payment = desk.pay(customer, desk.invoice(customer), 80)
    desk.act("transaction", payment, "refund", amount=20)
    rows = [row for seen in read_list(chargeover, CATALOG["transaction"]) for row in seen.rows]
    (refund,) = [row for row in rows if row["amount"] < 0]

    assert touched_by(CATALOG["transaction"], [refund])["transaction"] == {payment}


@pytest.mark.parametrize(
    ("watched", "asked"),
    [
        (Watched(), []),
        (Watched(where="invoice_status_state:EQUALS:o"), ["invoice_status_state:EQUALS:o"]),
        (Watched(recent="transaction_datetime", days=2), [r"transaction_datetime:GTE:2026-02-28T06\:00\:00-06\:00"]),
    ],
)
def test_a_watched_list_is_asked_for_by_its_filter(watched, asked):
    assert watched.clauses(start, chicago) == asked


def test_what_an_account_refuses_falls_back_to_comparing_the_whole_list():
    refused = CATALOG["customer"].supported({"filter customer.mod_datetime": "no"})
    assert (refused.cursors, refused.watched) == ((), Watched())
    half = CATALOG["package"].supported({"filter package.cancel_datetime": "no"})
    assert half.cursors == ("mod_datetime", "write_datetime")
    assert CATALOG["invoice"].supported({"filter invoice.invoice_status_state": "no"}).watched == Watched()


def test_what_an_account_has_beyond_the_documentation_is_used():
    assert CATALOG["user"].supported({}).cursors == ()
    assert CATALOG["user"].supported({"filter user.mod_datetime": "yes"}).cursors == ("mod_datetime",)
    assert CATALOG["quote"].supported({"expand quote.line_items": "yes"}).expand == ("line_items",)
    assert CATALOG["creditcard"].supported({"filter creditcard.creditcard_id": "yes"}).keyset
    assert CATALOG["transaction"].supported({"expand transaction.applied_to": "no"}).expand == ()


def test_every_object_says_how_each_of_its_changes_is_noticed_and_has_the_signal_that_it_names():
    for kind in CATALOG.values():
        assert set(kind.noticed.values()) <= {"cursor", "touched", "watch", "sweep"}
        assert kind.cursors or "cursor" not in kind.noticed.values()
        assert kind.watched or "watch" not in kind.noticed.values()
        touched = any(kind.name in each.touches for each in CATALOG.values())
        assert touched or "touched" not in kind.noticed.values()
