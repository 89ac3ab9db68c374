"""How a change is noticed: cursors in a closed window, the open set, and what records touch."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.records import mark_of, read_list
from pipelines.chargeover.signals import OpenSet, Window, read_changes, read_everything, read_ids, touched_by
from sandbox.chargeover import Settings

chicago = ZoneInfo("America/Chicago")
start = datetime(2026, 3, 2, 12, tzinfo=UTC)
minute = timedelta(minutes=1)


@pytest.fixture
def at(company):
    """Sets ChargeOver's clock to some minutes after the start."""
    return lambda minutes: company.clock.set(start + minutes * minute)


def changes(chargeover, kind, window, opened=None):
    """What was noticed: signal to ids."""
    found: dict[str, list[int]] = {}
    for reading in read_changes(chargeover, CATALOG[kind], window, chicago, opened or OpenSet({}), set()):
        found.setdefault(reading.signal, []).extend(row[CATALOG[kind].key] for row in reading.rows)
        found.setdefault("gone", []).extend(reading.gone)
    return {signal: ids for signal, ids in found.items() if ids}


def open_now(chargeover, kind):
    opened = OpenSet({})
    list(read_everything(chargeover, CATALOG[kind], opened, set()))
    return opened.now


def test_a_window_takes_what_changed_in_it_with_both_its_ends(chargeover, desk, at):
    made = {}
    for minutes in (-1, 0, 5, 10, 11):
        at(minutes)
        made[minutes] = desk.create("customer", company=f"At {minutes}")

    found = changes(chargeover, "customer", Window(start, start + 10 * minute))

    assert found == {"cursor": [made[0], made[5], made[10]]}


def test_windows_that_follow_one_another_leave_no_gap_within_a_second(chargeover, desk, company):
    end_at = start + timedelta(milliseconds=500)
    company.clock.set(start)
    early = desk.create("customer", company="In the second in which the window ends")

    assert changes(chargeover, "customer", Window(start - minute, end_at)) == {"cursor": [early]}
    assert changes(chargeover, "customer", Window(end_at, start + minute)) == {"cursor": [early]}


def test_an_account_that_writes_times_without_a_zone_is_read_in_its_own(chargeover, desk, company, at):
    company.configure(Settings(datetimes="zoneless"))
    at(0)
    made = desk.create("customer", company="Now")

    assert changes(chargeover, "customer", Window(start - minute, start + minute)) == {"cursor": [made]}
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
    assert changes(chargeover, "package", Window(start + 59 * minute, start + 61 * minute)) == {"cursor": [package]}


def test_a_record_found_by_two_cursors_is_taken_once(chargeover, desk, at):
    at(0)
    package = subscribe(desk, desk.customers(1)[0])
    desk.act("package", package, "cancel")

    assert changes(chargeover, "package", Window(start - minute, start + minute)) == {"cursor": [package]}


later = Window(start + 600 * minute, start + 700 * minute)


def test_an_open_set_that_has_not_changed_takes_nothing(chargeover, desk, at):
    at(0)
    desk.invoice(desk.customers(1)[0])
    opened = OpenSet(open_now(chargeover, "invoice"))

    assert changes(chargeover, "invoice", later, opened) == {}
    assert opened.now == opened.before != {}


def test_a_part_payment_changes_an_open_invoice_and_a_full_one_takes_it_out_of_the_set(chargeover, desk, at):
    at(0)
    customer = desk.customers(1)[0]
    part, full = desk.invoice(customer), desk.invoice(customer)
    before = open_now(chargeover, "invoice")
    desk.pay(customer, part, 30)
    desk.pay(customer, full, 80)

    found = changes(chargeover, "invoice", later, OpenSet(before))

    assert found == {"open set": [part], "left the open set": [full]}


def test_a_void_takes_an_invoice_out_of_the_open_set(chargeover, desk, at):
    at(0)
    invoice = desk.invoice(desk.customers(1)[0])
    before = open_now(chargeover, "invoice")
    desk.act("invoice", invoice, "void")

    assert changes(chargeover, "invoice", later, OpenSet(before)) == {"left the open set": [invoice]}


def test_an_invoice_that_time_makes_overdue_is_noticed(chargeover, desk, at):
    at(0)
    invoice = desk.invoice(desk.customers(1)[0], date="2026-03-02", due_date="2026-03-05")
    before = open_now(chargeover, "invoice")
    at(60 * 24 * 5)

    far = Window(later.start_at + timedelta(days=30), later.end_at + timedelta(days=30))
    assert changes(chargeover, "invoice", far, OpenSet(before)) == {"open set": [invoice]}
    assert chargeover.get("invoice", invoice).rows[0]["is_overdue"] is True


@pytest.mark.parametrize(
    ("action", "body"),
    [("hold", {"holduntil_datetime": "2026-05-01"}), ("paycycle", {"paycycle": "yrl"}), ("suspend", {})],
)
def test_what_happens_silently_to_a_live_subscription_is_noticed(chargeover, desk, at, action, body):
    at(0)
    package = subscribe(desk, desk.customers(1)[0])
    before = open_now(chargeover, "package")
    desk.act("package", package, action, **body)

    assert changes(chargeover, "package", later, OpenSet(before)) == {"open set": [package]}


def test_an_open_invoice_that_was_deleted_comes_back_as_gone(chargeover, desk, at):
    at(0)
    invoice = desk.invoice(desk.customers(1)[0])
    before = open_now(chargeover, "invoice")
    desk.call("DELETE", f"invoice/{invoice}")

    assert changes(chargeover, "invoice", later, OpenSet(before)) == {"gone": [invoice]}


def test_a_change_between_the_cursor_and_the_open_set_is_found_by_the_next_run(chargeover, desk, stage, at):
    """The record was taken as the cursor showed it; the open set shows it changed: its mark must not hide that."""
    at(0)
    customer = desk.customers(1)[0]
    invoice = desk.invoice(customer)
    stage.before = lambda path, query: "invoice_status_state" in query.get("where", "") and pay()

    def pay():
        stage.before = lambda path, query: None
        desk.pay(customer, invoice, 30)

    first = OpenSet({})
    assert changes(chargeover, "invoice", Window(start - minute, start + minute), first) == {"cursor": [invoice]}
    assert changes(chargeover, "invoice", later, OpenSet(first.now)) == {"open set": [invoice]}


def test_a_record_that_closes_between_the_cursor_and_the_open_set_is_found_by_the_next_run(chargeover, desk, stage, at):
    at(0)
    customer = desk.customers(1)[0]
    invoice = desk.invoice(customer)
    stage.before = lambda path, query: "invoice_status_state" in query.get("where", "") and pay()

    def pay():
        stage.before = lambda path, query: None
        desk.pay(customer, invoice, 80)

    first = OpenSet({})
    assert changes(chargeover, "invoice", Window(start - minute, start + minute), first) == {"cursor": [invoice]}
    assert changes(chargeover, "invoice", later, OpenSet(first.now)) == {"left the open set": [invoice]}


def test_a_record_that_opens_between_the_cursor_and_the_open_set_is_found_by_the_next_run(chargeover, desk, stage, at):
    at(0)
    customer = desk.customers(1)[0]
    invoice = desk.invoice(customer)
    payment = desk.pay(customer, invoice, 80)
    stage.before = lambda path, query: "invoice_status_state" in query.get("where", "") and undo()

    def undo():
        stage.before = lambda path, query: None
        desk.act("transaction", payment, "void")

    first = OpenSet({})
    assert changes(chargeover, "invoice", Window(start - minute, start + minute), first) == {"cursor": [invoice]}
    assert changes(chargeover, "invoice", later, OpenSet(first.now)) == {"open set": [invoice]}


def test_reading_everything_after_the_changes_takes_no_record_twice_and_keeps_its_mark(chargeover, desk, stage, at):
    at(0)
    customer = desk.customers(1)[0]
    taken_before, other = desk.invoice(customer), desk.invoice(customer)
    opened = OpenSet({}, now={taken_before: "as it was taken"})

    rows = [
        row
        for reading in read_everything(chargeover, CATALOG["invoice"], opened, {taken_before})
        for row in reading.rows
    ]

    assert [row["invoice_id"] for row in rows] == [other]
    assert opened.now[taken_before] == "as it was taken"
    assert other in opened.now


def test_single_records_are_read_once_and_those_unknown_come_back_as_gone(chargeover, desk, stage):
    made = desk.customers(3)
    taken = {made[0]}

    (reading,) = read_ids(chargeover, CATALOG["customer"], [made[2], made[1], made[0], 99], "hint", taken)

    assert [row["customer_id"] for row in reading.rows] == made[1:]
    assert reading.gone == (99,)
    assert taken == {*made, 99}


def test_a_transaction_touches_its_invoices_and_its_customer(chargeover, desk):
    customer = desk.customers(1)[0]
    invoice = desk.invoice(customer)
    desk.pay(customer, invoice, 5)
    rows = [row for seen in read_list(chargeover, CATALOG["transaction"]) for row in seen.rows]

    assert isinstance(rows[0]["applied_to"][0]["invoice_id"], str)  # nested ids are text, as recorded
    assert touched_by(CATALOG["transaction"], rows) == {"invoice": {invoice}, "customer": {customer}}


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
