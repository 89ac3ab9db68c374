"""co2sf test: examples beside mappings."""

import json

import pytest

from pipelines.errors import EditFile
from pipelines.sync.examples import cases, check

GOOD = """
a paid invoice is paid:
  record: {invoice_id: 7, invoice_status_str: closed-paid, total: 12.50}
  row: {ChargeOver_Id__c: 7, Name: 7, Status__c: Paid, Total__c: 12.5}
"""


@pytest.fixture
def customers():
    return 3


@pytest.fixture
def write(shelf, monkeypatch):
    for variable in ("CHARGEOVER_URL", "SALESFORCE_URL"):
        monkeypatch.delenv(variable, raising=False)
    (shelf / "examples").mkdir()

    def write(text, name="invoices"):
        (shelf / "examples" / f"{name}.yaml").write_text(text)

    return write


def test_examples_run_without_any_account_and_those_without_are_named(co2sf, write):
    write(GOOD)

    told = co2sf("test")

    assert (told.code, told.err) == (0, "")
    assert told.lines[0].startswith("No examples: applied_payments, ")
    assert told.lines[-1] == "1 examples, 1 as expected, 0 different"
    assert co2sf("check").code == 0, "an example is not taken for a mapping"


def test_a_difference_is_shown_field_by_field_with_its_place_and_exit_code_1(co2sf, write):
    write(GOOD.replace("Paid, Total__c: 12.5", "Void, Balance__c: 3"))

    told = co2sf("test", "invoices")

    assert told.code == 1
    assert "examples/invoices.yaml:2: invoices: a paid invoice is paid" in told.lines[0]
    assert [each.split() for each in told.lines[1:5]] == [
        ["field", "expected", "became"],
        ["Status__c", "Void", "Paid"],
        ["Total__c", "(left", "out)", "12.5"],
        ["Balance__c", "3", "(left", "out)"],
    ]


@pytest.mark.parametrize(
    ("outcome", "different"),
    [
        ('rejected: "is not among the choices"', ""),
        ('rejected: "is not a date"', 'rejected: Status__c: "odd" is not among'),
        ("row: {ChargeOver_Id__c: 8}", "rejected: Status__c"),
        ("outside: true", "rejected: Status__c"),
    ],
)
def test_a_rejection_is_expected_by_a_part_of_its_text(co2sf, write, outcome, different):
    write(f"an odd one:\n  record: {{invoice_id: 8, invoice_status_str: odd}}\n  {outcome}\n")

    told = co2sf("test", "invoices")

    assert told.code == (1 if different else 0)
    assert different in told.out


def test_a_record_outside_of_the_mapping_is_expected_to_be_so(co2sf, shelf, write):
    path = shelf / "invoices.yaml"
    path.write_text(path.read_text() + "only: {is_void: false}\n")
    write("void:\n  record: {invoice_id: 8, is_void: true}\n  outside: true\n")

    assert co2sf("test", "invoices").code == 0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("odd:\n  record: {totl: 1}\n  row: {}\n", '2:12: invoice has no field "totl"; did you mean "total"?'),
        ("odd:\n  record: {total: 1}\n  row: {Totl__c: 1}\n", '"Totl__c"; did you mean "Total__c"?'),
        ("odd:\n  recrd: {total: 1}\n  row: {}\n", 'unknown key "recrd"; did you mean "record"?'),
        ("odd:\n  record: {total: 1}\n", "write one of row: (what it becomes), rejected:"),
        ("odd:\n  record: {total: 1}\n  row: 7\n", '"7" is no row'),
        ("odd:\n  record: {total: 1}\n  rejected:\n", "write a part of the text"),
        ("odd:\n  record: {total: 1}\n  outside: false\n", "write outside: true"),
        ("- odd\n", "a list instead of examples"),
    ],
)
def test_what_is_wrong_with_an_example_is_told_by_its_place(co2sf, write, text, problem):
    write(text)

    told = co2sf("test")

    assert told.code == 2
    assert problem in told.out
    assert "examples/invoices.yaml:" in told.out


def test_examples_of_no_mapping_name_the_near_miss(co2sf, write):
    write(GOOD, "invoice")

    assert 'there is no mapping invoice.yaml; did you mean "invoices"?' in co2sf("test").out


def test_pytest_gets_cases_that_tell_differences_and_problems(shelf, write):
    write(GOOD.replace("Paid,", "Void,"))
    (example,) = cases(shelf)
    with pytest.raises(AssertionError, match="Status__c: expected Void, became Paid"):
        check(example)

    write("odd:\n  record: {totl: 1}\n  row: {}\n")
    with pytest.raises(EditFile, match='"totl"'):
        cases(shelf)


@pytest.mark.slow
def test_an_example_is_drafted_from_a_live_record_without_what_it_says_about_people(co2sf, world, live):
    secrets = {"company": "Acme Corp", "bill_addr1": "7 Real Road", "superuser_email": "ann@acme.com",
               "superuser_first_name": "Ann", "superuser_last_name": "Acme"}  # fmt: skip
    customer = world.create("customer", **secrets)

    told = co2sf("test", "--add", f"customer:{customer}")

    assert told.code == 0
    text = (live / "examples" / "customers.yaml").read_text()
    assert not [each for each in secrets.values() if each in text]
    assert "Name: Example Ltd" in text
    assert co2sf("test", "customers").lines[-1] == "1 examples, 1 as expected, 0 different"
    assert "has an example" in co2sf("test", "--add", f"customer:{customer}").err


@pytest.mark.slow
def test_examples_of_a_line_and_of_a_card_can_be_drafted_too(co2sf, world, live):
    customer = world.create("customer", company="Acme Corp")
    invoice = world.create(
        "invoice", customer_id=customer, line_items=[{"item_id": 1, "line_rate": 80, "line_quantity": 2}]
    )
    card = world.create(
        "creditcard", customer_id=customer, number="4111111111111111", expdate_year="2031", expdate_month="11"
    )

    assert co2sf("test", "invoice_lines", "--add", f"invoice:{invoice}").code == 0
    assert co2sf("test", "--add", f"creditcard:{card}").code == 0

    assert "Rate__c: 80" in (live / "examples" / "invoice_lines.yaml").read_text()
    text = (live / "examples" / "credit_cards.yaml").read_text()
    assert "1111" not in text
    assert "2031" not in text
    assert json.loads(co2sf("test", "--json").out)[0]["differences"] == []
    assert "999999" in co2sf("test", "--add", "invoice:999999").err
