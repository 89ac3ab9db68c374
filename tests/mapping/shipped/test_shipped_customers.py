"""What becomes of customers, contacts and items."""

import json
from decimal import Decimal

CUSTOMER = {
    "customer_id": 44,
    "parent_customer_id": 7,
    "company": "Hill Ben Ltd",
    "superuser_name": "Cleo Stone",
    "superuser_phone": "555-0184",
    "superuser_email": "cleo@example.com",
    "bill_addr1": "56 Cowles",
    "bill_addr2": "Suite 620",
    "bill_addr3": "",
    "bill_city": "Minneapolis",
    "bill_state": "MN",
    "bill_postcode": "55416",
    "bill_country": "United States",
    "customer_status_str": "active-overdue",
    "balance": 65,
    "total": Decimal("165.50"),
    "paid": Decimal("100.5"),
    "currency_iso4217": "USD",
    "no_taxes": False,
    "url_self": "https://example.chargeover.com/admin/r/customer/view/44",
    "write_datetime": "2026-03-10T01:01:49-05:00",
}


def test_a_customer_becomes_an_account(row):
    assert row("customers", CUSTOMER) == {
        "ChargeOver_Id__c": "44",
        "Name": "Hill Ben Ltd",
        "Phone": "555-0184",
        "BillingStreet": "56 Cowles\nSuite 620",
        "BillingCity": "Minneapolis",
        "BillingState": "MN",
        "BillingPostalCode": "55416",
        "BillingCountry": "United States",
        "ChargeOver_Status__c": "Active - Overdue",
        "ChargeOver_Balance__c": 65,
        "ChargeOver_Total_Billed__c": Decimal("165.5"),
        "ChargeOver_Total_Paid__c": Decimal("100.5"),
        "ChargeOver_Currency_Code__c": "USD",
        "ChargeOver_Main_Contact__c": "Cleo Stone",
        "ChargeOver_Tax_Exempt__c": False,
        "ChargeOver_Link__c": "https://example.chargeover.com/admin/r/customer/view/44",
        "ChargeOver_Created__c": "2026-03-10T06:01:49Z",
        "ParentId": "7",
    }


def test_a_customer_with_hardly_anything_erases_nothing_and_still_has_a_name(row):
    nothing = dict.fromkeys(CUSTOMER) | {"customer_id": 45, "company": "", "customer_status_str": "active-current"}
    assert row("customers", nothing) == {
        "ChargeOver_Id__c": "45",
        "Name": "45",
        "ChargeOver_Status__c": "Active - Current",
        "ChargeOver_Tax_Exempt__c": False,
    }


def test_a_person_without_a_company_is_named_after_the_main_contact(row):
    assert row("customers", CUSTOMER | {"company": ""})["Name"] == "Cleo Stone"


def test_a_customer_whose_parent_is_number_0_has_no_parent(row):
    assert "ParentId" not in row("customers", CUSTOMER | {"parent_customer_id": 0})


def test_a_customer_in_a_status_that_is_not_known_yet_is_loaded(row):
    assert row("customers", CUSTOMER | {"customer_status_str": "active-new"})["ChargeOver_Status__c"] == "active-new"


def test_a_contact_without_a_last_name_is_loaded(row):
    contact = {"user_id": 362, "customer_id": 44, "first_name": "Cleo", "last_name": "", "email": "cleo@example.com"}
    assert row("contacts", contact) == {
        "ChargeOver_Id__c": "362",
        "FirstName": "Cleo",
        "LastName": "[not provided]",
        "Email": "cleo@example.com",
        "AccountId": "44",
    }


def test_a_contact_with_a_wrong_email_address_is_rejected_and_named(rejection):
    contact = {"user_id": 362, "customer_id": 44, "last_name": "Stone", "email": "cleo@"}
    assert rejection("contacts", contact).startswith('Email: "cleo@" is not an email address')


def test_an_item_becomes_a_product_with_its_prices_as_json(row):
    tiers = [{"tierset_id": 1, "base": Decimal("10.95"), "paycycle": "mon", "pricemodel": "fla", "tiers": []}]
    item = {"item_id": 1, "name": "Plan", "item_type": "service", "enabled": True, "accounting_sku": None}
    product = row("products", item | {"units": "", "tiersets": tiers})
    assert json.loads(product.pop("ChargeOver_Pricing__c"), parse_float=Decimal) == tiers
    assert product == {
        "ChargeOver_Id__c": "1",
        "Name": "Plan",
        "IsActive": True,
        "ChargeOver_Item_Type__c": "Service",
    }
