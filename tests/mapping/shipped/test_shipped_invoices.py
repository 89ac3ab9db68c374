"""What becomes of invoices and their lines."""

from decimal import Decimal

INVOICE = {
    "invoice_id": 10016,
    "customer_id": 16,
    "package_id": 571,
    "refnumber": "10016",
    "invoice_status_str": "open-unpaid",
    "is_paid": False,
    "is_void": False,
    "date": "2015-03-24",
    "due_date": "2015-04-23",
    "paid_date": None,
    "void_datetime": None,
    "currency_iso4217": "USD",
    "total": 4500,
    "balance": 4500,
    "paycycle": "qtr",
    "bill_block": "56 Cowles\r\nMinneapolis, MN 55416",
    "write_datetime": "2015-03-24 07:41:06",
}


def test_an_open_invoice_becomes_an_unpaid_one(row):
    assert row("invoices", INVOICE) == {
        "ChargeOver_Id__c": "10016",
        "Name": "10016",
        "Status__c": "Unpaid",
        "Invoice_Date__c": "2015-03-24",
        "Due_Date__c": "2015-04-23",
        "Paid_Date__c": None,
        "Voided_At__c": None,
        "Currency_Code__c": "USD",
        "Total__c": 4500,
        "Balance__c": 4500,
        "Pay_Cycle__c": "Quarterly",
        "Billing_Address__c": "56 Cowles\nMinneapolis, MN 55416",
        "Created_In_ChargeOver__c": "2015-03-24T12:41:06Z",
        "Account__c": "16",
        "Subscription__c": "571",
    }


def test_a_voided_invoice_is_void_and_not_paid_though_chargeover_calls_it_paid(row):
    voided = {"invoice_status_str": "closed-void", "is_paid": True, "is_void": True, "balance": 0}
    invoice = row("invoices", INVOICE | voided | {"void_datetime": "2015-03-24 14:57:52"})
    assert (invoice["Status__c"], invoice["Voided_At__c"]) == ("Void", "2015-03-24T19:57:52Z")
    assert (invoice["Total__c"], invoice["Balance__c"]) == (4500, 0)


def test_an_invoice_in_yen_keeps_its_amount_and_its_currency(row):
    invoice = row("invoices", INVOICE | {"currency_iso4217": "JPY", "total": 1250000, "balance": 1250000})
    assert (invoice["Total__c"], invoice["Currency_Code__c"]) == (1250000, "JPY")


def test_a_one_time_invoice_has_no_subscription(row):
    assert row("invoices", INVOICE | {"package_id": None})["Subscription__c"] is None


def test_an_invoice_in_a_status_that_is_not_known_is_rejected_with_the_known_ones(rejection):
    message = rejection("invoices", INVOICE | {"invoice_status_str": "closed-writtenoff"})
    assert message.startswith('Status__c: "closed-writtenoff" is not among the choices')
    assert '"open-unpaid"' in message


def test_a_line_takes_the_currency_of_its_invoice(row):
    line = {"line_item_id": 2610, "item_id": 5, "package_line_id": 581, "descrip": "for 03/24/2015", "is_taxed": "0"}
    line |= {"line_rate": Decimal("0.00045"), "line_quantity": 10000, "is_recurring": True}
    assert row("invoice_lines", line | {"invoice.invoice_id": 10016, "invoice.currency_iso4217": "USD"}) == {
        "ChargeOver_Id__c": "2610",
        "Name": "for 03/24/2015",
        "Description__c": "for 03/24/2015",
        "Rate__c": Decimal("0.00045"),
        "Quantity__c": 10000,
        "Currency_Code__c": "USD",
        "Is_Recurring__c": True,
        "Is_Taxed__c": False,
        "Invoice__c": "10016",
        "Product__c": "5",
        "Subscription_Line__c": "581",
    }
