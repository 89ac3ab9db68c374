"""Single records: completed where lists are thin, exact where JSON is treacherous."""

import json
from decimal import Decimal

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.records import read_list, read_one


def one(chargeover, kind):
    return next(row for seen in read_list(chargeover, CATALOG[kind]) for row in seen.rows)


def test_quotes_whose_list_rows_lack_their_lines_are_completed_by_id(chargeover, desk, stage):
    line = {"item_id": desk.item(), "line_quantity": 2}
    quote = desk.create("quote", customer_id=desk.customers(1)[0], line_items=[line])

    assert len(one(chargeover, "quote")["line_items"]) == 1
    assert [path for path, _ in stage.asked].count(f"quote/{quote}") == 1


def test_invoices_come_with_their_lines_in_the_list_and_cost_no_further_call(chargeover, desk, stage):
    desk.invoice(desk.customers(1)[0])

    assert len(one(chargeover, "invoice")["line_items"]) == 1
    assert {path for path, _ in stage.asked} == {"customer", "invoice"}


def test_a_contact_without_a_customer_in_the_list_is_completed_by_id(chargeover, desk):
    customer = desk.create("customer", company="Acme", superuser_name="Ann Lee")

    assert one(chargeover, "user")["customer_id"] == customer


def test_a_contact_that_belongs_to_nobody_stays_without_customer(chargeover, desk, stage):
    desk.create("customer", company="Acme", superuser_name="Ann Lee")

    def orphan(path, body):
        envelope = json.loads(body)
        for row in envelope["response"] if isinstance(envelope["response"], list) else [envelope["response"]]:
            row.pop("customer_id", None)
            row["customers"] = []
        return json.dumps(envelope).encode()

    stage.edit = orphan
    assert "customer_id" not in one(chargeover, "user")


def test_a_record_that_is_gone_has_no_row(chargeover):
    assert read_one(chargeover, CATALOG["customer"], 4711).rows == []


def test_amounts_stay_exact_to_the_last_digit(chargeover, desk, stage):
    invoice = desk.invoice(desk.customers(1)[0], rate="42.1")

    assert one(chargeover, "invoice")["total"] == Decimal("42.1")
    stage.edit = lambda path, body: body.replace(b'"total":42.1', b'"total":0.1000000000000000055511151231257827')
    assert read_one(chargeover, CATALOG["invoice"], invoice).rows[0]["total"] == Decimal(
        "0.1000000000000000055511151231257827"
    )


def test_numbers_that_are_none_stay_in_their_record_and_spare_the_page(chargeover, desk, stage):
    customer = desk.customers(1)[0]
    for rate in ("1.5", "2.5", "3.5", "4.5", "5.5"):
        desk.invoice(customer, rate=rate)
    bad = {b"1.5": b"NaN", b"2.5": b"-Infinity", b"3.5": b"1e400", b"4.5": b"1e99999999999999999999"}

    def spoil(path, body):
        for good, worse in bad.items():
            body = body.replace(b'"total":' + good, b'"total":' + worse)
        return body

    stage.edit = spoil
    rows = [row for seen in read_list(chargeover, CATALOG["invoice"]) for row in seen.rows]
    assert [row["total"] for row in rows] == [
        "NaN",
        "-Infinity",
        Decimal("1e400"),
        "1e99999999999999999999",
        Decimal("5.5"),
    ]
