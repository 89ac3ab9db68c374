"""Rows that appear late: dated when they were made, in no answer until later."""

import json
from dataclasses import replace

import pytest

from sandbox.chargeover import state

NOW = "2026-03-10T13:00:00-05:00"


@pytest.fixture
def late(account):
    """The account, on which new rows appear a minute late from now on."""
    account.admin("settings", {"appears_after_seconds": 60})
    return account


def test_a_new_row_is_in_no_answer_until_its_time_has_come(late):
    customer = late.customer()
    asked = {
        "list": lambda: len(late.get("customer")),
        "by key": lambda: len(late.get("customer", where=f"customer_id:EQUALS:{customer}")),
        "by time": lambda: len(late.get("customer", where="mod_datetime:GTE:2026-03-10")),
        "count": lambda: late.get("customer/_count"),
        "sum": lambda: late.act("_aggregate", object="customer", fields=["COUNT(customer_id)"])[0][
            "COUNT(customer_id)"
        ],
        "bulk": lambda: len(_bulk(late, "/api/v3/customer")),
    }
    assert {name: ask() for name, ask in asked.items()} == dict.fromkeys(asked, 0)
    token = late.company.tables["customer"].rows[customer]["token"]
    for path in (f"customer/{customer}", f"customer/token:{token}"):
        assert late.refused(404, "GET", path) == "This customer does not exist."
    late.pass_time(seconds=59)
    assert late.get("customer") == []
    late.pass_time(seconds=1)
    assert {name: ask() for name, ask in asked.items()} == dict.fromkeys(asked, 1)
    assert late.get(f"customer/{customer}")["write_datetime"] == late.get("customer")[0]["mod_datetime"] == NOW


def _bulk(account, uri):
    answer = account.ask("POST", "_bulk", [{"request_method": "GET", "uri": uri}])
    return answer.json()["response"]["_bulk"][0]["response"]


def test_every_kind_of_row_can_be_late(late):
    customer = late.customer(superuser_first_name="Ada")
    item = late.item()
    invoice = late.act(f"package/{late.package(customer, item)}?action=invoice")
    late.pay(customer, 10, applied_to=[{"invoice_id": invoice}])
    late.create("quote", customer_id=customer, line_items=[{"item_id": item}])
    late.create("tokenized", customer_id=customer, token="cus_1")
    late.create("ach", customer_id=customer, number="9900001234")
    late.create("creditcard", customer_id=customer, number="4111111111111111", expdate_year="2031", expdate_month="5")
    kinds = ("customer", "user", "item", "package", "invoice", "transaction", "quote", "tokenized", "ach", "creditcard")
    assert [late.get(kind) for kind in kinds] == [[]] * len(kinds)
    late.pass_time(seconds=60)
    assert [len(late.get(kind)) for kind in kinds] == [1] * len(kinds)


def test_a_late_payment_pays_its_invoice_before_it_appears(account):
    customer = account.customer()
    invoice = account.invoice(customer, "10")
    account.admin("settings", {"appears_after_seconds": 60})
    payment = account.pay(customer, 10, applied_to=[{"invoice_id": invoice}])
    assert account.get(f"invoice/{invoice}")["invoice_status_str"] == "closed-paid"
    assert account.get("transaction") == []
    account.act(f"transaction/{payment}?action=void")
    account.pass_time(seconds=60)
    assert account.get("transaction")[0]["void_datetime"] == NOW


def test_what_was_late_stays_so_when_later_rows_are_not(late):
    first = late.customer()
    late.admin("settings", {"appears_after_seconds": 0})
    second = late.customer()
    assert [row["customer_id"] for row in late.get("customer")] == [second]
    late.pass_time(seconds=60)
    assert [row["customer_id"] for row in late.get("customer")] == [first, second]


def test_each_late_row_has_a_time_of_its_own(late):
    made = []
    for _ in range(3):
        made.append(late.customer())
        late.pass_time(seconds=25)
    assert [row["customer_id"] for row in late.get("customer")] == made[:1]
    late.pass_time(seconds=10)
    assert [row["customer_id"] for row in late.get("customer")] == made[:2]


def test_late_rows_are_late_after_a_save_too(late, company):
    late.customer()
    kept = json.loads(json.dumps(state.dump(company), default=state.plain), object_hook=state.exact)
    back = state.load(kept, replace(company.settings, appears_after_seconds=0))
    assert back.unseen("customer") == {1}
    back.clock.advance(60)
    assert back.unseen("customer") == frozenset()
    del kept["late"]
    assert state.load(kept).unseen("customer") == frozenset(), "saved before there were late rows"
