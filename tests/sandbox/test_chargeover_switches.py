"""What one account supports and another does not: each switch over the admin path, and what it refuses to be."""

import pytest
import requests

from sandbox import chargeover


def switch(account, **switches):
    return account.admin("settings", switches)


def found(account, path, where, **more):
    return [row[f"{path}_id"] for row in account.get(path, where=where, **more)]


def test_what_an_aggregate_answers_is_known_of_no_account(account):
    customer = account.customer()
    for day in range(1, 13):
        account.invoice(customer, 5, date=f"2026-03-{day:02}")
    asked = {"object": "invoice", "fields": ["SUM(total)"], "group": ["date"]}

    assert account.act("_aggregate", **asked)[0] == {"date": "2026-03-01", "SUM(total)": 5}
    assert len(account.act("_aggregate", **asked)) == 12
    switch(account, aggregate="text")
    assert float(account.act("_aggregate", **asked)[0]["SUM(total)"]) == 5
    assert isinstance(account.act("_aggregate", **asked)[0]["SUM(total)"], str)
    switch(account, aggregate="cut")
    assert len(account.act("_aggregate", **asked)) == 10
    switch(account, aggregate="refuse")
    assert account.ask("POST", "_aggregate", asked).status_code == 400


def one_of_each(account):
    """A customer with contact, item, package, paid and voided invoice, quote and card; ids by object."""
    customer = account.customer(superuser_first_name="Ada")
    item = account.item()
    package = account.package(customer, item)
    invoice = account.act(f"package/{package}?action=invoice")
    payment = account.pay(customer, 10, applied_to=[{"invoice_id": invoice}])
    account.act(f"transaction/{payment}?action=void")
    quote = account.create("quote", customer_id=customer, line_items=[{"item_id": item}])
    number = {"number": "4111111111111111", "expdate_year": "2031", "expdate_month": "5"}
    card = account.create("creditcard", customer_id=customer, **number)
    bank = account.create("ach", customer_id=customer, number="9900001234")
    token = account.create("tokenized", customer_id=customer, token="cus_1")
    user = account.get(f"customer/{customer}")["superuser_id"]
    return {
        "customer": customer, "user": user, "item": item, "package": package, "invoice": invoice, "quote": quote,
        "transaction": payment, "creditcard": card, "ach": bank, "tokenized": token,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("user", "mod_datetime"),
        ("item", "mod_datetime"),
        ("transaction", "void_datetime"),
        ("quote", "write_datetime"),
        ("creditcard", "write_datetime"),
        ("package", "next_invoice_datetime"),
    ],
)
def test_an_account_may_filter_by_times_that_are_not_documented(account, kind, field):
    made = one_of_each(account)[kind]
    where = rf"{field}:GTE:2026-03-10T13\:00\:00-05\:00"
    assert account.refused(400, "GET", kind, where=where) == f"You cannot filter by: {field}."
    switch(account, extra_filters=[f"{kind}.{field}"])
    assert found(account, kind, where) == [made]
    assert account.get(f"{kind}/_count", where=rf"{field}:GT:2026-12-31T00\:00\:00-06\:00") == 0
    switch(account, extra_filters=[])
    account.refused(400, "GET", kind, where=where)


@pytest.mark.parametrize("kind", ["creditcard", "ach", "tokenized"])
def test_payment_methods_are_filtered_by_customer_and_by_id_only_where_the_account_lets(account, kind):
    made = one_of_each(account)
    assert found(account, kind, f"customer_id:EQUALS:{made['customer']}") == [made[kind]]
    by_id = f"{kind}_id:GT:0"
    assert account.refused(400, "GET", kind, where=by_id) == f"You cannot filter by: {kind}_id."
    switch(account, extra_filters=[f"{kind}.{kind}_id"])
    assert found(account, kind, by_id) == [made[kind]]
    assert found(account, kind, f"{kind}_id:GT:{made[kind]}") == []


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("customer.mod_datetime", "mod_datetime:GTE:2020-01-01"),
        ("customer.customer_id", "customer_id:GT:0"),
        ("invoice.transaction.transaction_id", "transaction.transaction_id:EQUALS:65"),
    ],
)
def test_an_account_may_refuse_a_documented_filter(account, path, where):
    kind, _, field = path.partition(".")
    account.get(kind, where=where)
    switch(account, refused_filters=[path], extra_filters=["customer.mod_datetime"])
    assert account.refused(400, "GET", kind, where=where) == f"You cannot filter by: {field}."
    assert account.refused(400, "GET", f"{kind}/_count", where=where) == f"You cannot filter by: {field}."


def test_children_come_with_expand_where_the_account_expands_them(account):
    one_of_each(account)
    nodes = {"package": "line_items", "invoice": "line_items", "transaction": "applied_to", "quote": "line_items"}

    def expanded():
        return {kind for kind, node in nodes.items() if node in account.get(kind, expand=f"{node},nonsense")[0]}

    assert expanded() == {"package", "invoice", "transaction"}
    switch(account, expands=["quote.line_items", "invoice.line_items"])
    assert expanded() == {"quote", "invoice"}
    assert all(nodes[kind] in account.get(f"{kind}/{account.get(kind)[0][f'{kind}_id']}") for kind in nodes)


def test_the_largest_page_is_the_account_s_own(account):
    for _ in range(8):
        account.customer()
    switch(account, page_limit=7)
    assert len(account.get("customer", limit=500)) == len(account.get("customer")) == 7
    switch(account, over_limit="refuse")
    assert "limit" in account.refused(400, "GET", "customer", limit=8)
    assert len(account.get("customer", limit=7)) == len(account.get("customer")) == 7


@pytest.mark.parametrize(
    ("switches", "said"),
    [
        ({"extra_filters": ["user.colour"]}, "user.colour"),
        ({"extra_filters": ["spaceship.mod_datetime"]}, "spaceship"),
        ({"extra_filters": ["item.tiersets"]}, "item.tiersets"),
        ({"extra_filters": "user.mod_datetime"}, "extra_filters"),
        ({"refused_filters": ["user.mod_datetime"]}, "documented"),
        ({"expands": ["customer.users"]}, "customer.users"),
        ({"page_limit": 0}, "page_limit"),
        ({"page_limit": "500"}, "page_limit"),
        ({"over_limit": "explode"}, "clamp or refuse"),
        ({"mod_datetime": "often"}, "strict or kind"),
        ({"appears_after_seconds": -1}, "appears_after_seconds"),
        ({"webhook_contexts": ["spaceship"]}, "spaceship"),
        ({"webhook_loses": 2}, "a share from 0 to 1"),
        ({"webhook_doubles": True}, "a share from 0 to 1"),
        ({"webhook_disorder_seconds": "1"}, "a number from 0"),
        ({"webhook_url": "ftp://x"}, "null or a URL"),
        ({"zone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"private_key": "x"}, "no switch is called private_key"),
    ],
)
def test_a_switch_that_makes_no_sense_is_refused_in_words_and_changes_nothing(account, switches, said):
    before = switch(account)
    answer = requests.post(f"{account.url}/_admin/settings", json={"odd_types": False, **switches}, timeout=5)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert switch(account) == before


def test_an_account_whose_settings_make_no_sense_does_not_start(company):
    company.configure(chargeover.Settings(extra_filters=("user.colour",)))
    with pytest.raises(ValueError, match=r"user\.colour"):
        chargeover.app(company)


def test_the_answer_to_a_switch_names_them_all_as_they_are(account):
    answer = switch(account, extra_filters=["user.mod_datetime"], zone="Europe/Berlin")
    assert answer.items() >= {
        "extra_filters": ["user.mod_datetime"], "zone": "Europe/Berlin", "page_limit": 500, "webhook_url": None,
    }.items()  # fmt: skip
