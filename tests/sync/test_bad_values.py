"""Bad values end to end: each has a clear outcome, and spares every other record."""

import pytest
from deeds import customer, invoice, owed


def test_an_amount_of_nan_rejects_its_invoice_alone_and_lands_when_it_is_one(world, sync, between):
    buyer = customer(world)
    bad, good = invoice(world, buyer, 13), invoice(world, buyer, 14)
    between.edit = lambda path, body: body.replace(b'"total":13', b'"total":NaN')

    counts = sync()

    assert counts["ChargeOver_Invoice__c"] == {"read": 2, "created": 1, "rejected": 1}
    verdict, message = owed(sync, "ChargeOver_Invoice__c")[str(bad)]
    assert (verdict, message) == ("rejected", 'Total__c: "NaN" is not a number; correct total in ChargeOver')
    assert set(world.rows("ChargeOver_Invoice__c")) == {str(good)}

    between.edit = lambda path, body: body
    sync(whole=True)
    assert world.rows("ChargeOver_Invoice__c")[str(bad)]["Total__c"] == 13
    assert sync.ledger.owed() == []


@pytest.mark.parametrize("number", [b"1e400", b"-Infinity", b"1e99999999999999999999", b'"many"', b"{}", b"[1]"])
def test_what_is_no_amount_is_quoted(world, sync, between, files, number):
    files.keep("products", "customers", "invoices", "subscriptions")
    bad = invoice(world, customer(world), 13)
    between.edit = lambda path, body: body.replace(b'"total":13', b'"total":' + number)

    assert sync()["ChargeOver_Invoice__c"] == {"read": 1, "rejected": 1}
    assert owed(sync, "ChargeOver_Invoice__c")[str(bad)][1].startswith("Total__c: ")


def test_amounts_arrive_as_they_were_written(world, sync, files):
    files.keep("products", "customers", "invoices", "subscriptions")
    buyer = customer(world)
    bills = {amount: invoice(world, buyer, amount) for amount in (42.1, 0.07, 1234567.89, 0)}
    sync()

    rows = world.rows("ChargeOver_Invoice__c")
    assert {amount: rows[str(bill)]["Total__c"] for amount, bill in bills.items()} == {each: each for each in bills}


def test_a_name_of_a_megabyte_has_a_clear_outcome_and_spares_the_others(world, sync, files):
    files.keep("customers")
    customer(world, "x" * 1_000_000)
    customer(world, "Short")

    counts = sync()

    assert counts["Account"]["read"] == 2
    assert "2" in world.rows("Account")
    told = owed(sync, "Account")
    assert all(len(message) < 1000 for _, message in told.values())
    assert told or len(world.rows("Account")["1"]["Name"]) <= 255


@pytest.mark.parametrize("name", ["Zoë 🧾 漢字", 'quote " and \\ slash', "</script>", "a\tb", "Ünïcödé" * 10])
def test_any_text_arrives_as_it_was_written(world, sync, files, name):
    files.keep("customers")
    customer(world, name)
    sync()

    assert world.rows("Account")["1"]["Name"] == name


@pytest.mark.parametrize("nothing", ["0000-00-00", "0000-00-00 00:00:00", ""])
def test_a_date_of_zeros_is_no_date(world, sync, between, files, nothing):
    files.keep("products", "customers", "invoices", "subscriptions")
    bill = invoice(world, customer(world), due_date="2031-05-06")
    between.edit = lambda path, body: body.replace(b'"due_date":"2031-05-06"', b'"due_date":"%s"' % nothing.encode())

    assert sync()["ChargeOver_Invoice__c"] == {"read": 1, "created": 1}
    assert world.rows("ChargeOver_Invoice__c")[str(bill)]["Due_Date__c"] is None


def test_ids_written_as_text_are_the_same_records(world, sync, between, files):
    files.keep("products", "customers", "invoices", "subscriptions", "invoice_lines", "subscription_lines")
    bill = invoice(world, customer(world))
    sync()
    between.edit = lambda path, body: body.replace(b'"invoice_id":%d' % bill, b'"invoice_id":"%d"' % bill).replace(
        b'"customer_id":1', b'"customer_id":"1"'
    )

    counts = sync(whole=True)

    assert all(each == {"read": each["read"], "unchanged": each["read"]} for each in counts.values())


def test_an_unknown_status_rejects_the_invoice_and_quotes_it(world, sync, between, files):
    files.keep("products", "customers", "invoices", "subscriptions")
    bill = invoice(world, customer(world))
    between.edit = lambda path, body: body.replace(b"open-unpaid", b"open-mystery")

    assert sync()["ChargeOver_Invoice__c"] == {"read": 1, "rejected": 1}
    assert "open-mystery" in owed(sync, "ChargeOver_Invoice__c")[str(bill)][1]


def test_a_wrong_address_rejects_its_contact_alone(world, sync, files):
    files.keep("customers", "contacts")
    customer(world, "One", superuser_name="Ann Lee", superuser_email="ann at example")
    customer(world, "Two", superuser_name="Bob Lee", superuser_email="bob@example.com")

    assert sync()["Contact"] == {"read": 2, "created": 1, "rejected": 1}
    assert "ann at example" in next(iter(owed(sync, "Contact").values()))[1]
