"""What becomes of subscriptions and quotes and their lines."""

from decimal import Decimal


def test_a_canceled_subscription_has_no_next_invoice(row):
    package = {"package_id": 571, "customer_id": 16, "nickname": "", "package_status_str": "canceled-manual"}
    package |= {"next_invoice_datetime": "", "cancel_datetime": "2015-11-01 01:30:00", "paymethod": "crd"}
    assert row("subscriptions", package | {"creditcard_id": 66, "ach_id": None}) == {
        "ChargeOver_Id__c": "571",
        "Name": "571",
        "Status__c": "Canceled Manually",
        "Next_Invoice_At__c": None,
        "Canceled_At__c": "2015-11-01T06:30:00Z",
        "Payment_Method__c": "Credit Card",
        "Account__c": "16",
        "Credit_Card__c": "66",
        "Bank_Account__c": None,
    }


def test_a_line_of_a_subscription_knows_its_product_and_quantity(row):
    line = {"line_item_id": 613, "item_id": 5, "item_name": "Seats", "line_quantity": Decimal("2.5")}
    line |= {"package.package_id": 571, "package.currency_iso4217": "EUR"}
    assert row("subscription_lines", line) == {
        "ChargeOver_Id__c": "613",
        "Name": "Seats",
        "Quantity__c": Decimal("2.5"),
        "Currency_Code__c": "EUR",
        "Subscription__c": "571",
        "Product__c": "5",
    }


def test_an_accepted_quote_is_won(row):
    quote = {"quote_id": 198, "customer_id": 3, "refnumber": "198", "quote_status_str": "closed-won", "setup": 100}
    assert row("quotes", quote | {"total": Decimal("10.4"), "date": "2019-08-14"}) == {
        "ChargeOver_Id__c": "198",
        "Name": "198",
        "Status__c": "Won",
        "Quote_Date__c": "2019-08-14",
        "Setup__c": 100,
        "Total__c": Decimal("10.4"),
        "Account__c": "3",
    }


def test_a_line_of_a_quote_belongs_to_its_quote(row):
    line = {"line_item_id": 9, "item_id": 5, "item_name": "Seats", "line_rate": 10, "quote.quote_id": 198}
    assert row("quote_lines", line | {"quote.currency_iso4217": "USD"}) == {
        "ChargeOver_Id__c": "9",
        "Name": "Seats",
        "Rate__c": 10,
        "Currency_Code__c": "USD",
        "Quote__c": "198",
        "Product__c": "5",
    }
