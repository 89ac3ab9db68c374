"""What becomes of transactions, applied payments and payment methods."""

from decimal import Decimal

PAYMENT = {
    "transaction_id": 43,
    "customer_id": 48,
    "currency_iso4217": "USD",
    "amount": 75,
    "applied": 75,
    "unapplied": 0,
    "gateway_status": 1,
    "gateway_msg": "",
    "transaction_type": "pay",
    "transaction_type_name": "Payment",
    "transaction_status_str": "ok-successful",
    "transaction_date": "2019-07-24",
    "transaction_datetime": "2019-07-24 09:29:16",
    "creditcard_id": 75,
    "void_datetime": None,
}


def test_a_payment_becomes_a_successful_transaction(row):
    assert row("transactions", PAYMENT) == {
        "ChargeOver_Id__c": "43",
        "Name": "Payment 43",
        "Type__c": "Payment",
        "Status__c": "Successful",
        "Gateway_Success__c": True,
        "Transaction_Date__c": "2019-07-24",
        "Voided_At__c": None,
        "Currency_Code__c": "USD",
        "Amount__c": 75,
        "Applied__c": 75,
        "Unapplied__c": 0,
        "Gateway_Message__c": None,
        "Created_In_ChargeOver__c": "2019-07-24T14:29:16Z",
        "Account__c": "48",
        "Credit_Card__c": "75",
    }


def test_a_refund_stays_negative(row):
    refund = row("transactions", PAYMENT | {"transaction_type": "ref", "amount": Decimal("-75.25")})
    assert (refund["Type__c"], refund["Amount__c"]) == ("Refund", Decimal("-75.25"))


def test_a_failed_attempt_is_a_transaction_that_did_not_succeed(row):
    failed = {"gateway_status": 0, "gateway_msg": "Card declined", "transaction_status_str": "error-declined"}
    attempt = row("transactions", PAYMENT | failed)
    assert (attempt["Gateway_Success__c"], attempt["Status__c"]) == (False, "error-declined")
    assert attempt["Gateway_Message__c"] == "Card declined"


def test_an_applied_payment_is_named_by_its_transaction_and_its_invoice(row):
    applied = {"invoice_id": "10027", "applied": Decimal("40.5")}
    applied |= {"transaction.transaction_id": 43, "transaction.customer_id": 48, "transaction.currency_iso4217": "USD"}
    assert row("applied_payments", applied) == {
        "ChargeOver_Id__c": "43-10027",
        "Name": "43 on invoice 10027",
        "Amount__c": Decimal("40.5"),
        "Currency_Code__c": "USD",
        "Transaction__c": "43",
        "Invoice__c": "10027",
    }


def test_a_credit_card_shows_its_last_digits_only(row):
    card = {"creditcard_id": 66, "customer_id": 44, "type": "mast", "type_name": "Mastercard", "expdate": "2028-05-01"}
    assert row("credit_cards", card | {"mask_number": "xxxx-xxxx-xxxx-4242", "name": ""}) == {
        "ChargeOver_Id__c": "66",
        "Name": "Mastercard xxxx-xxxx-xxxx-4242",
        "Type__c": "Mastercard",
        "Masked_Number__c": "xxxx-xxxx-xxxx-4242",
        "Expiration_Date__c": "2028-05-01",
        "Cardholder_Name__c": None,
        "Account__c": "44",
    }


def test_a_bank_account_without_a_bank_and_a_number_still_has_a_name(row):
    account = {"ach_id": 5, "customer_id": 44, "type": "busi", "bank": "", "mask_number": None, "name": "Hill Ben Ltd"}
    assert row("bank_accounts", account) == {
        "ChargeOver_Id__c": "5",
        "Name": "Bank account",
        "Type__c": "Business Checking",
        "Masked_Number__c": None,
        "Bank_Name__c": None,
        "Account_Holder_Name__c": "Hill Ben Ltd",
        "Account__c": "44",
    }
