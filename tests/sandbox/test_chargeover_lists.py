"""Lists: paging, order, counting, children."""

import pytest

from sandbox.chargeover.generator import generate
from sandbox.chargeover.objects import KINDS
from sandbox.chargeover.settings import Settings
from sandbox.chargeover.writing import text


@pytest.fixture
def many(account):
    return [account.customer(company=f"Firm {number % 3}") for number in range(12)]


def ids(rows):
    return [row["customer_id"] for row in rows]


def test_ten_rows_by_ascending_id_without_further_wishes(account, many):
    assert ids(account.get("customer")) == many[:10]


def test_limit_and_offset_page_through(account, many):
    assert ids(account.get("customer", limit=5, offset=5)) == many[5:10]
    assert ids(account.get("customer", limit=5, offset=10)) == many[10:]
    assert account.get("customer", limit=5, offset=15) == []


def test_keyset_paging_sees_each_row_once(account, many):
    seen, last = [], 0
    while page := ids(account.get("customer", where=f"customer_id:GT:{last}", order="customer_id:ASC", limit=5)):
        seen += page
        last = page[-1]
    assert seen == many


def test_a_limit_above_500_is_clamped_or_refused_as_the_account_is_set(account, company):
    for _ in range(501):
        company.add("customer", {"company": "x", "currency_id": 1, "total": 0, "paid": 0, "balance": 0})
    assert len(account.get("customer", limit=501)) == 500
    company.configure(Settings(over_limit="refuse"))
    assert "limit" in account.refused(400, "GET", "customer", limit=501)
    assert len(account.get("customer", limit=500)) == 500


@pytest.mark.parametrize("asked", [{"limit": "0"}, {"limit": "-1"}, {"limit": "ten"}, {"offset": "x"}])
def test_nonsense_paging_is_refused(account, asked):
    account.refused(400, "GET", "customer", **asked)


def test_order_takes_one_column_either_way(account, many):
    assert ids(account.get("customer", order="customer_id:DESC", limit=3)) == many[:-4:-1]
    by_name = account.get("customer", order="company:ASC", limit=12)
    assert [row["company"] for row in by_name] == ["Firm 0"] * 4 + ["Firm 1"] * 4 + ["Firm 2"] * 4
    assert ids(by_name)[:4] == many[::3]
    account.refused(400, "GET", "customer", order="company:ASC,customer_id:DESC")
    account.refused(400, "GET", "customer", order="nonsense:ASC")


def test_count_answers_the_number(account, many):
    assert account.get("customer/_count") == 12
    assert account.get("customer/_count", where="company:EQUALS:Firm 1") == 4


def test_dummy_and_flags_are_accepted(account, many):
    flags = {"_dummy": 1, "_flag_webhooks": 0, "_flag_emails": 0, "_flag_quickbooks": 0, "_flag_events": 0}
    assert len(account.get("customer", **flags)) == 10


def test_children_come_by_id_and_with_expand_only(account):
    customer = account.customer()
    package = account.package(customer, account.item())
    invoice = account.act(f"package/{package}?action=invoice")
    payment = account.pay(customer, 10, applied_to=[{"invoice_id": invoice}])
    for path, row_id, node in (
        ("package", package, "line_items"),
        ("invoice", invoice, "line_items"),
        ("transaction", payment, "applied_to"),
    ):
        assert len(account.get(f"{path}/{row_id}")[node]) == 1
        assert node not in account.get(path)[0]
        assert len(account.get(path, expand=f"nonsense,{node}")[0][node]) == 1


def test_expand_is_ignored_where_no_node_is_known(account):
    customer = account.customer()
    quote = account.create("quote", customer_id=customer, line_items=[{"item_id": account.item()}])
    assert "line_items" not in account.get("quote", expand="line_items")[0]
    assert len(account.get(f"quote/{quote}")["line_items"]) == 1
    assert account.get("customer", expand="users,invoices") == account.get("customer")


def test_prices_of_package_lines_come_by_id_only(account):
    package = account.package(account.customer(), account.item())
    assert account.get(f"package/{package}")["line_items"][0]["tierset"]["base"] == 500
    assert "tierset" not in account.get("package", expand="line_items")[0]["line_items"][0]


def test_small_objects_come_filled(account):
    assert {row["iso4217"] for row in account.get("currency")} >= {"USD", "EUR", "GBP", "JPY"}
    assert {"terms_id": 2, "name": "Net 30", "days": 30} in account.get("terms")
    assert account.get("admin")[0]["name"] == "Ada Winters"
    assert account.get("brand/1")["brand"] == "Sandbox Telephony"
    assert account.get("_customfield") == []


def test_lists_written_fast_say_the_same_as_rows_written_slowly(company):
    made = generate(40, seed=3, until=company.clock.moment())
    for kind in KINDS.values():
        for row in made.tables[kind.name]:
            slow = text(kind.shown(made, row, expand=True))
            assert kind.text(made, row, expand=True) == slow
