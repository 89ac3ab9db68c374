"""Customers and their contacts: what is written, what shows through, what a delete takes away."""

from dataclasses import replace

NEW = "2026-03-10T13:00:00-05:00"
LATER = "2026-03-10T13:00:41-05:00"


def subset(row, *names):
    return {name: row[name] for name in names}


def test_a_new_customer_as_recorded(account):
    customer = account.customer(
        external_key="my_id", bill_addr1="555 Main Street", bill_addr2="Suite 86", bill_state="Vermont",
        bill_postcode="05401", bill_country="United States", custom_1="123456",
        superuser_email="ada@mail.example", superuser_first_name="Ada", superuser_last_name="Lake",
    )  # fmt: skip
    row = account.get(f"customer/{customer}")
    assert row.items() >= {
        "customer_id": customer, "external_key": "my_id", "bill_city": None, "custom_1": "123456", "custom_2": None,
        "terms_name": "Net 30", "terms_days": 30, "paid": 0, "total": 0, "balance": 0, "currency_symbol": "$",
        "currency_iso4217": "USD", "superuser_name": "Ada Lake", "superuser_phone": "", "ship_block": "",
        "bill_block": "555 Main Street\r\nSuite 86\r\nVermont 05401\r\nUnited States", "tags": [], "no_taxes": False,
        "no_procfees": 0, "write_datetime": NEW, "mod_datetime": NEW, "customer_status_str": "active-current",
    }.items()  # fmt: skip
    assert row["custom_50"] is None
    contact = account.get(f"user/{row['superuser_id']}")
    assert contact["customers"] == [{"customer_id": str(customer), "company": "Papertrail Ltd"}]
    assert subset(contact, "email", "first_name", "customer_id") == {
        "email": "ada@mail.example",
        "first_name": "Ada",
        "customer_id": customer,
    }


def test_lists_lack_username_and_tags_and_users_lack_their_customers(account):
    account.customer(superuser_first_name="Ada")
    assert not {"superuser_username", "tags"} & account.get("customer")[0].keys()
    assert "customers" not in account.get("user")[0]
    assert account.get("user")[0]["customer_id"] == 1


def test_an_update_moves_mod_datetime_of_customer_and_main_contact(account):
    customer = account.customer(superuser_first_name="Ada", superuser_last_name="Lake")
    account.pass_time(seconds=41)
    account.update(f"customer/{customer}", company="Renamed", superuser_first_name="Eve", bill_city="Mashpee")
    row = account.get(f"customer/{customer}")
    expected = {"company": "Renamed", "display_as": "Renamed", "superuser_name": "Eve Lake", "bill_city": "Mashpee"}
    assert row.items() >= {**expected, "write_datetime": NEW, "mod_datetime": LATER}.items()
    assert account.get(f"user/{row['superuser_id']}")["mod_datetime"] == LATER


def test_an_edit_of_the_contact_shows_through_without_moving_the_customer(account):
    customer = account.customer(superuser_first_name="Ada", superuser_last_name="Lake")
    user = account.get(f"customer/{customer}")["superuser_id"]
    account.pass_time(seconds=41)
    account.update(f"user/{user}", phone="555-0100", last_name="Marsh")
    row = account.get(f"customer/{customer}")
    assert (row["superuser_phone"], row["superuser_name"], row["mod_datetime"]) == ("555-0100", "Ada Marsh", NEW)
    assert account.get(f"user/{user}")["mod_datetime"] == LATER


def test_a_customer_without_contact_gets_one_by_an_update(account):
    customer = account.customer()
    assert account.get(f"customer/{customer}")["superuser_id"] is None
    account.update(f"customer/{customer}", superuser_email="new@mail.example")
    assert account.get(f"customer/{customer}")["superuser_email"] == "new@mail.example"
    assert account.get("user/_count") == 1


def test_nothing_moves_by_itself_what_is_calculated(account):
    customer = account.customer()
    account.update(f"customer/{customer}", balance=7, total=7, customer_status_str="inactive-manual", token="x")
    row = account.get(f"customer/{customer}")
    assert (row["balance"], row["total"], row["customer_status_str"]) == (0, 0, "active-current")
    assert row["token"] != "x"


def test_an_external_key_is_unique_within_its_type(account):
    customer = account.customer(external_key="A")
    assert "already exists" in account.refused(400, "POST", "customer", {"company": "Other", "external_key": "A"})
    account.update(f"customer/{customer}", external_key="A")
    account.item(external_key="A")


def test_references_must_exist_and_nobody_is_its_own_parent(account):
    customer = account.customer()
    for body in ({"terms_id": 99}, {"admin_id": 99}, {"parent_customer_id": 99}, {"parent_customer_id": customer}):
        assert next(iter(body)) in account.refused(400, "PUT", f"customer/{customer}", body)
    child = account.customer(parent_customer_id=customer)
    assert account.get("customer", where=f"parent_customer_id:EQUALS:{customer}")[0]["customer_id"] == child


def test_a_delete_is_hard_and_takes_everything_with_it(account):
    customer, other = account.customer(superuser_first_name="Ada"), account.customer()
    child = account.customer(parent_customer_id=customer)
    package = account.package(customer, account.item())
    invoice = account.act(f"package/{package}/_action/invoice")
    account.pay(customer, 10, applied_to=[{"invoice_id": invoice}])
    kept = account.invoice(other)
    account.delete(f"customer/{customer}")
    assert account.refused(404, "GET", f"customer/{customer}") == "This customer does not exist."
    assert account.refused(404, "DELETE", f"customer/{customer}") == "This customer does not exist."
    assert [account.get(f"{path}/_count") for path in ("user", "package", "transaction")] == [0, 0, 0]
    assert [row["invoice_id"] for row in account.get("invoice")] == [kept]
    assert account.get(f"customer/{child}")["parent_customer_id"] is None
    assert account.customer() > child


def test_a_contact_can_be_made_changed_and_removed(account):
    customer = account.customer(superuser_first_name="Ada")
    main = account.get(f"customer/{customer}")["superuser_id"]
    user = account.create("user", customer_id=customer, name="Zoë Marsh", email="zoe@mail.example")
    row = account.get(f"user/{user}")
    assert subset(row, "first_name", "last_name", "name") == {
        "first_name": "Zoë",
        "last_name": "Marsh",
        "name": "Zoë Marsh",
    }
    account.delete(f"user/{main}")
    assert account.get(f"customer/{customer}")["superuser_id"] is None
    assert account.get(f"customer/{customer}")["superuser_name"] == ""
    assert [row["user_id"] for row in account.get("user")] == [user]
    account.refused(404, "GET", f"user/{main}")


def test_a_main_contact_that_moves_away_leaves_its_customer_without_one(account):
    old, new = account.customer(superuser_first_name="Ada", superuser_email="ada@mail.example"), account.customer()
    user = account.get(f"customer/{old}")["superuser_id"]
    account.pass_time(seconds=41)
    account.update(f"user/{user}", customer_id=str(new))
    assert account.get(f"user/{user}")["customers"][0]["customer_id"] == str(new)
    assert subset(account.get(f"user/{user}"), "customer_id", "mod_datetime") == {
        "customer_id": new,
        "mod_datetime": LATER,
    }
    for each in (old, new):
        row = account.get(f"customer/{each}")
        assert (row["superuser_id"], row["superuser_email"], row["mod_datetime"]) == (None, "", NEW)
    assert [account.get("user/_count", where=f"customers.customer_id:EQUALS:{each}") for each in (old, new)] == [0, 1]


def test_a_contact_that_is_not_the_main_one_moves_alone_and_to_existing_customers_only(account):
    old, new = account.customer(superuser_first_name="Ada"), account.customer(superuser_first_name="Bea")
    user = account.create("user", customer_id=old, first_name="Cid")
    before = [account.get(f"customer/{each}") for each in (old, new)]
    assert "customer_id" in account.refused(400, "PUT", f"user/{user}", {"customer_id": 99, "first_name": "Dan"})
    assert subset(account.get(f"user/{user}"), "customer_id", "first_name") == {"customer_id": old, "first_name": "Cid"}
    account.update(f"user/{before[0]['superuser_id']}", customer_id=old)
    account.update(f"user/{user}", customer_id=new)
    assert account.get(f"user/{user}")["customer_id"] == new
    assert [account.get(f"customer/{each}") for each in (old, new)] == before


def test_ids_in_nested_rows_are_numbers_when_odd_types_are_off(account, company):
    company.configure(replace(company.settings, odd_types=False))
    customer = account.customer(superuser_first_name="Ada")
    user = account.get(f"customer/{customer}")["superuser_id"]
    assert account.get(f"user/{user}")["customers"][0]["customer_id"] == customer


def test_payment_methods_are_masked_listed_by_customer_and_deleted(account):
    customer = account.customer()
    number = {"number": "4111 1111 1111 1111", "expdate_year": "2031", "expdate_month": "5"}
    card = account.create("creditcard", customer_id=customer, name="A Lake", **number)
    bank = account.create("ach", customer_id=customer, number="9900001234", routing="072403004", type="chec")
    token = account.create("tokenized", customer_id=customer, type="customer", token="cus_0001")
    row = account.get("creditcard", where=f"customer_id:EQUALS:{customer}")[0]
    assert row.items() >= {
        "creditcard_id": card, "type": "visa", "type_name": "Visa", "mask_number": "xxxx-xxxx-xxxx-1111",
        "expdate": "2031-05-01", "expdate_month": "5", "expdate_year": "2031", "expdate_formatted": "May 2031",
    }.items()  # fmt: skip
    assert "41111" not in account.ask("GET", "creditcard").text
    assert account.get(f"ach/{bank}")["mask_number"] == "xxxxx1234"
    assert account.get(f"tokenized/{token}") == {
        "tokenized_id": token, "customer_id": customer, "type": "customer", "token": "cus_0001",
    }  # fmt: skip
    assert account.get(f"customer/{customer}")["default_paymethod"] == "crd"
    account.delete(f"creditcard/{card}")
    assert account.get("creditcard") == []
    assert account.get(f"customer/{customer}")["default_creditcard_id"] is None
