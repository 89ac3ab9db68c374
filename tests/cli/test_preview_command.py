"""co2sf preview: what records would become."""

import json

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def customers():
    return 3


def line(told, field):
    return next(each.split() for each in told.lines if each.startswith(f"{field} "))


def test_preview_puts_record_and_payload_side_by_side_and_sends_nothing(co2sf, world, live):
    customer = world.create("customer", company="Acme Corp")
    invoice = world.create(
        "invoice", customer_id=customer, line_items=[{"item_id": 1, "line_rate": 80, "line_quantity": 2}]
    )
    before = world.salesforce("requests")["counts"]

    told = co2sf("preview", "invoices", "--id", invoice)

    assert told.code == 0
    assert told.lines[0] == f"invoice:{invoice} -> ChargeOver_Invoice__c {invoice}"
    assert line(told, "Status__c") == ["Status__c", "Unpaid", "invoice_status_str", "open-unpaid"]
    assert line(told, "Total__c") == ["Total__c", "160", "total", "160"]
    assert line(told, "Account__c") == ["Account__c", str(customer), "customer_id", str(customer)]
    assert world.salesforce("requests")["counts"] == before


def test_preview_of_children_shows_their_own_values_and_their_parents(co2sf, world, live):
    customer = world.create("customer", company="Acme Corp")
    lines = [{"item_id": 1, "line_rate": 80, "line_quantity": 2}, {"item_id": 2, "line_rate": 7, "line_quantity": 1}]
    invoice = world.create("invoice", customer_id=customer, line_items=lines)

    told = co2sf("preview", "invoice_lines", "--id", invoice)

    assert sum(each.startswith(f"invoice:{invoice} -> ChargeOver_Invoice_Line__c ") for each in told.lines) == 2
    rates = [each.split() for each in told.lines if each.startswith("Rate__c ")]
    assert rates == [["Rate__c", "80", "line_rate", "80"], ["Rate__c", "7", "line_rate", "7"]]
    assert line(told, "Invoice__c") == ["Invoice__c", str(invoice), "invoice.invoice_id", str(invoice)]


def test_preview_shows_a_rejected_record_with_its_field(co2sf, world, live):
    path = live / "invoices.yaml"
    text = path.read_text()
    start, end = text.index("      open-unpaid:"), text.index("    otherwise: reject")
    path.write_text(text[:start] + "      no-such: Unpaid\n" + text[end:])

    told = co2sf("preview", "invoices", "--limit", 1)

    assert told.code == 0
    assert "is rejected" in told.lines[0]
    assert "Status__c" in told.out


def test_preview_as_json_lists_records_with_their_fields(co2sf, world, live):
    shown = json.loads(co2sf("preview", "customers", "--limit", 2, "--json").out)

    assert len(shown) == 2
    assert {"field", "becomes", "from", "ChargeOver has"} == shown[0]["fields"][0].keys()


def test_preview_takes_the_name_of_the_sobject_and_of_the_file_too(co2sf, world, live):
    assert co2sf("preview", "Account").lines[0] == co2sf("preview", "customers.yaml").lines[0]


def test_preview_of_an_unknown_mapping_names_the_near_miss(co2sf, live):
    told = co2sf("preview", "invoics")

    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert "no mapping is called 'invoics'; did you mean \"invoices\"?" in told.err


def test_preview_of_a_broken_mapping_tells_its_problems(co2sf, live):
    path = live / "invoices.yaml"
    path.write_text(path.read_text().replace("from: invoice\n", "from: invoic\n"))

    told = co2sf("preview", "invoices")

    assert told.code == 2
    assert "invoices.yaml:3:7" in told.err


def test_preview_of_ids_that_chargeover_does_not_have_names_them(co2sf, live):
    told = co2sf("preview", "invoices", "--id", 999001, "--id", 999002)

    assert told.code == 2
    assert told.err == "co2sf: ChargeOver has no invoice with the id 999001 and none with 999002\n"


def test_preview_of_records_without_children_says_so(co2sf, world, live):
    customer = world.create("customer", company="Acme Corp")
    bare = world.create("transaction", customer_id=customer, amount=5, transaction_type="pay", gateway_status=1)

    told = co2sf("preview", "applied_payments", "--id", bare)

    assert told.out == "Nothing to show: no transaction.applied_to among the transaction records read.\n"
