"""Packages: the recorded exchanges with their traps, and which action moves mod_datetime."""

from dataclasses import replace

import pytest

NEW = "2026-03-10T13:00:00-05:00"
LATER = "2026-03-10T13:01:00-05:00"


@pytest.fixture
def package(account):
    package = account.package(account.customer(), account.item(), paycycle="qtr", custom_1="123")
    account.pass_time(seconds=60)
    return package


def test_a_new_package_as_recorded(account, package):
    row = account.get(f"package/{package}")
    assert row.items() >= {
        "paymethod": "inv", "paycycle": "qtr", "custom_1": "123", "custom_2": None, "package_status_id": 2,
        "package_status_name": "Current", "package_status_str": "active-current", "package_status_state": "a",
        "amount_collected": 0, "amount_invoiced": 0, "amount_due": 0, "cancel_datetime": None, "mod_datetime": NEW,
        "next_invoice_datetime": "2026-03-11T00:00:01-05:00", "is_overdue": False, "days_overdue": 0,
    }.items()  # fmt: skip
    line = row["line_items"][0]
    assert line.items() >= {"item_name": "Big Plan", "line_quantity": 1, "subscribe_datetime": NEW}.items()
    assert line["tierset"].items() >= {"base": 500, "percent": "0.000000", "base_formatted": "$ 500.00"}.items()


def test_cancel_as_recorded_leaves_mod_datetime_and_empties_the_next_invoice(account, package):
    before = account.get(f"package/{package}")
    assert account.act(f"package/{package}?action=cancel") is True
    after = account.get(f"package/{package}")
    changed = {name: after[name] for name in after if after[name] != before[name]}
    assert changed == {
        "package_status_id": 5,
        "package_status_name": "Canceled manually",
        "package_status_str": "canceled-manual",
        "package_status_state": "c",
        "cancel_datetime": LATER,
        "next_invoice_datetime": "",
        "cache_next_invoice": "",
    }
    account.refused(400, "POST", f"package/{package}?action=cancel", {})
    assert account.get("package", where="cancel_datetime:GTE:2026-03-10")[0]["package_id"] == package


def test_upgrade_as_recorded_gives_the_line_a_new_id_and_moves_mod_datetime(account, package):
    extra = account.item("50")
    account.act(f"package/{package}?action=upgrade", line_items=[{"item_id": extra}])
    first, second = account.get(f"package/{package}")["line_items"]
    account.pass_time(seconds=38)
    line = {"line_item_id": second["line_item_id"], "item_id": extra, "tierset": {"base": "200", "paycycle": "mon"}}
    assert account.act(f"package/{package}?action=upgrade", line_items=[line]) is True
    row = account.get(f"package/{package}")
    kept, fresh = row["line_items"]
    assert kept == first
    assert fresh["line_item_id"] == second["line_item_id"] + 1
    assert (fresh["tierset"]["base"], fresh["subscribe_datetime"]) == (200, "2026-03-10T13:01:38-05:00")
    assert (row["mod_datetime"], row["write_datetime"]) == ("2026-03-10T13:01:38-05:00", NEW)
    message = account.refused(400, "POST", f"package/{package}?action=upgrade", {"line_items": [line]})
    assert str(second["line_item_id"]) in message


@pytest.mark.parametrize(
    ("action", "body", "field", "value"),
    [
        ("hold", {"holduntil_datetime": "2026-04-15"}, "next_invoice_datetime", "2026-04-16T00:00:01-05:00"),
        ("paycycle", {"paycycle": "yrl"}, "paycycle", "yrl"),
        ("paymethod", {"paymethod": "inv"}, "paymethod", "inv"),
        ("suspend", {}, "package_status_str", "suspended-suspended"),
    ],
)
@pytest.mark.parametrize("form", ["package/{}?action={}", "package/{}/_action/{}"])
def test_other_actions_change_without_moving_mod_datetime(account, package, action, body, field, value, form):
    assert account.act(form.format(package, action), **body) is True
    row = account.get(f"package/{package}")
    assert (row[field], row["mod_datetime"]) == (value, NEW)


def test_a_kind_account_moves_mod_datetime_with_every_change(account, package, company):
    company.configure(replace(company.settings, mod_datetime="kind"))
    account.act(f"package/{package}?action=paycycle", paycycle="mon")
    row = account.get(f"package/{package}")
    assert (row["mod_datetime"], row["paycycle"]) == (LATER, "mon")


def test_cancelled_and_suspended_packages_come_back(account, package):
    account.act(f"package/{package}?action=cancel")
    account.act(f"package/{package}?action=uncancel")
    row = account.get(f"package/{package}")
    assert (row["package_status_str"], row["cancel_datetime"]) == ("active-current", None)
    account.act(f"package/{package}?action=suspend", suspendto_datetime="2026-05-01")
    row = account.get(f"package/{package}")
    assert (row["suspendfrom_datetime"], row["suspendto_datetime"]) == (LATER, "2026-05-01T00:00:00-05:00")
    account.refused(400, "POST", f"package/{package}?action=invoice", {})
    account.act(f"package/{package}?action=unsuspend")
    row = account.get(f"package/{package}")
    assert (row["package_status_state"], row["suspendfrom_datetime"]) == ("a", None)
    account.refused(400, "POST", f"package/{package}?action=unsuspend", {})


def test_an_update_moves_mod_datetime(account, package):
    account.update(f"package/{package}", custom_1="123456")
    row = account.get(f"package/{package}")
    assert (row["custom_1"], row["mod_datetime"]) == ("123456", LATER)


def test_a_card_must_be_the_customers_own(account, package):
    stranger = account.customer()
    card = account.create("creditcard", customer_id=stranger, number="4111111111111111", expdate="2031-05-01")
    body = {"paymethod": "crd", "creditcard_id": card}
    assert "creditcard_id" in account.refused(400, "POST", f"package/{package}?action=paymethod", body)
    assert "creditcard_id" in account.refused(400, "POST", f"package/{package}?action=paymethod", {"paymethod": "crd"})
    own = account.create("creditcard", customer_id=1, number="5555555555554444", expdate="2031-05-01")
    account.act(f"package/{package}?action=paymethod", paymethod="crd", creditcard_id=own)
    assert account.get(f"package/{package}")["paymethod_detail"] == "MasterCard x4444"


def test_lines_take_external_keys_and_quantities(account):
    customer = account.customer(external_key="ACC-1")
    price = {"base": "4.25", "pricemodel": "uni", "paycycle": "mon"}
    account.create("item", name="Seat", external_key="seat", pricemodel=price)
    line = {"item_external_key": "seat", "line_quantity": 3, "external_key": "a0L1", "descrip": "Seats"}
    package = account.create("package", customer_external_key="ACC-1", line_items=[line], external_key="a0K1")
    invoice = account.act(f"package/{package}/_action/invoice")
    row = account.get(f"invoice/{invoice}")
    assert row.items() >= {"total": 12.75, "package_id": package, "sum_base": 12.75, "sum_onetime": 0}.items()
    assert row["line_items"][0].items() >= {
        "line_rate": 4.25, "line_quantity": 3, "line_subtotal": 12.75, "is_taxed": "0", "is_recurring": True,
        "package_line_external_key": "a0L1", "descrip": "Seats",
    }.items()  # fmt: skip
    assert account.get("package", where="line_items.external_key:EQUALS:a0L1")[0]["external_key"] == "a0K1"
    assert customer == row["customer_id"]


def test_tiers_are_counted_from_their_first_to_their_last_unit(account):
    tiers = [{"unit_from": 1, "unit_to": 10, "amount": 2}, {"unit_from": 11, "unit_to": 0, "amount": 1}]
    for model, total in (("tie", 2 * 10 + 5), ("vol", 15)):
        item = account.item(pricemodel={"base": 0, "pricemodel": model, "tiers": tiers})
        line = {"item_id": item, "line_quantity": 15}
        package = account.create("package", customer_id=account.customer(), line_items=[line])
        assert account.get(f"invoice/{account.act(f'package/{package}?action=invoice')}")["total"] == total


def test_invoicing_a_package_raises_its_amounts_silently(account, package):
    invoice = account.act(f"package/{package}?action=invoice")
    account.pay(1, "99", applied_to=[{"invoice_id": invoice}])
    row = account.get(f"package/{package}")
    expected = {"amount_invoiced": 500, "amount_collected": 99, "amount_due": 401, "mod_datetime": NEW}
    assert row.items() >= expected.items()
    assert row["next_invoice_datetime"] == "2026-06-09T00:00:01-05:00"


def test_a_deleted_invoice_no_longer_counts_for_its_package(account, package):
    account.delete(f"invoice/{account.act(f'package/{package}?action=invoice')}")
    assert account.get(f"package/{package}")["amount_invoiced"] == 0


def test_a_quote_is_made_sent_won_and_has_no_mod_datetime(account):
    quote = account.create("quote", customer_id=account.customer(), line_items=[{"item_id": account.item("10.40")}])
    row = account.get(f"quote/{quote}")
    assert row.items() >= {"total": 10.4, "quote_status_str": "open-new", "due_date": "2026-04-09"}.items()
    assert "mod_datetime" not in row
    assert row["line_items"][0].items() >= {"line_rate": 10.4, "item_name": "Big Plan"}.items()
    account.pass_time(seconds=60)
    account.update(f"quote/{quote}", quote_status_str="closed-won")
    row = account.get(f"quote/{quote}")
    assert (row["quote_status_name"], row["accepted_datetime"]) == ("Accepted", LATER)
    assert account.get("quote", where="quote_status_state:EQUALS:o") == []


def test_an_item_is_disabled_not_deleted(account):
    item = account.item()
    account.refused(400, "DELETE", f"item/{item}")
    account.update(f"item/{item}", enabled=False)
    row = account.get(f"item/{item}")
    assert (row["enabled"], row["tiersets"][0]["base"], row["categories"]) == (False, 500, [])
    assert row["service_data"] == {"trial_days": 0, "trial_units": 0, "is_usage": False}
