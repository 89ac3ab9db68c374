"""co2sf fields: what both sides have."""

import json

import pytest

from pipelines.chargeover.catalog import vocabulary
from pipelines.chargeover.labels import labels_in
from pipelines.chargeover.meanings import meaning

CARD = "4242 4242 4242 4242"


@pytest.fixture
def customers():
    return 3


def line(told, field):
    return next(each for each in told.lines if each.startswith(f"{field} "))


@pytest.fixture
def unconnected(shelf, monkeypatch):
    for side in ("CHARGEOVER", "SALESFORCE"):
        monkeypatch.delenv(f"{side}_URL", raising=False)


def test_every_field_of_the_catalog_has_a_meaning():
    assert all(meaning(source, name) for source, fields in vocabulary().items() for name in fields)


def test_without_a_connection_the_list_stands_alone_and_says_why(co2sf, unconnected):
    told = co2sf("fields", "invoice")

    assert told.code == 0
    assert line(told, "total").split(maxsplit=2) == ["total", "decimal", "amount with taxes"]
    assert told.lines[1].startswith("invoice_id ")
    assert "Its children: co2sf fields invoice.line_items" in told.out
    assert "No examples: environment: not set: CHARGEOVER_URL" in told.err


def test_like_finds_a_word_in_all_objects(co2sf, unconnected):
    told = co2sf("fields", "--like", "refunded", "--json")

    assert [(each["object"], each["field"]) for each in json.loads(told.out)] == [("invoice", "refunds")]


def test_a_name_that_is_no_object_tells_the_near_miss_and_how_to_see_sobjects(co2sf, unconnected):
    told = co2sf("fields", "invoic")

    assert (told.code, told.out) == (2, "")
    assert "ChargeOver has no object 'invoic'; did you mean \"invoice\"?" in told.err
    assert "run co2sf connect salesforce first" in told.err


def test_tokenized_payment_methods_stay_inside(co2sf, unconnected):
    assert "card data, which stays inside" in co2sf("fields", "tokenized").err


def test_labels_are_taken_only_from_rows_that_name_object_and_column():
    rows = [
        {"customfield_id": 1, "context": "customer", "column": "custom_2", "label": "Region"},
        {"customfield_id": 2, "context": "invoice", "column": "custom_2", "label": "Order number"},
        {"customfield_id": 3, "column": "custom_3", "label": "Whose?"},
        {"customfield_id": 4, "context": "customer", "label": "custom_4 is meant"},
    ]
    assert labels_in(rows, "customer") == {"custom_2": "Region"}


@pytest.mark.slow
def test_examples_come_from_records_and_nothing_that_lets_in_or_is_card_data_is_shown(co2sf, world, live):
    customer = world.create("customer", company="Acme Corp", custom_3="north", custom_4=f"card {CARD}")
    world.call("POST", "creditcard", {"customer_id": customer, "number": CARD.replace(" ", ""), "name": "Ann Acme",
               "expdate_year": "2031", "expdate_month": "12"})  # fmt: skip

    told = co2sf("fields", "customer")
    assert "north" in line(told, "custom_3")
    assert "(not shown)" in line(told, "custom_4")
    assert "(not shown)" in line(told, "token")
    assert not any(each.startswith("custom_5 ") for each in told.lines)

    cards = co2sf("fields", "creditcard", "--json")
    shown = {each["field"]: each["example"] for each in json.loads(cards.out)}
    assert shown["type"] in {"visa", "mast", "amex", "disc"}
    assert {shown[each] for each in ("mask_number", "name", "expdate")} == {"(not shown)"}
    assert "Ann Acme" not in cards.out
    assert "4242" not in cards.out


@pytest.mark.slow
def test_children_have_examples_of_their_own(co2sf, world, live):
    told = co2sf("fields", "invoice.line_items")

    assert line(told, "line_item_id").split()[-1].isdigit()
    assert "co2sf fields invoice" in told.lines[-1]


@pytest.mark.slow
def test_fields_of_an_sobject_show_type_and_writability_external_ids_first(co2sf, world, live):
    told = co2sf("fields", "ChargeOver_Invoice__c")

    assert line(told, "ChargeOver_Id__c") == told.lines[1]
    assert "external id; unique" in told.lines[1]
    assert "currency(16,2)" in line(told, "Total__c")
    assert "looks up Account" in line(told, "Account__c")
    assert line(told, "CreatedDate").split()[-2:] == ["datetime", "no"]
    assert "Total__c" in co2sf("fields", "ChargeOver_Invoice__c", "--like", "total").out
    assert 'did you mean "ChargeOver_Invoice__c"?' in co2sf("fields", "ChargeOver_Invoic__c").err


@pytest.mark.slow
def test_without_a_name_objects_and_sobjects_are_listed(co2sf, world, live):
    found = json.loads(co2sf("fields", "--json").out)

    assert {each["object"]: each["becomes"] for each in found["objects"]}["user"] == "Contact"
    assert {"sobject": "Account", "label": "Account", "made from": "customer"} in found["sobjects"]
