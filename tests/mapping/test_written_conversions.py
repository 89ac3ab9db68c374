"""Conversions that users write beside their mappings."""

import pytest

from pipelines.mapping.conversions import BUILT_IN
from pipelines.mapping.frame import values_of

MINE = '''
from decimal import Decimal
from zoneinfo import ZoneInfo

from pipelines.mapping.conversions import Unfit, conversion
from pipelines.mapping.conversions.numbers import currency


@conversion(into="string")
def initials(value, *, dots: bool = False):
    """The first letter of each word."""
    letters = [word[0].upper() for word in str(value).split()]
    return Unfit("has too few words") if len(letters) < 2 else (". ".join(letters) + "." if dots else "".join(letters))


@conversion
def fragile(value):
    """Divides."""
    return Decimal(1) / value


@conversion
def strange(value):
    """Returns what JSON has no exact word for."""
    return float(value)


@conversion
def where_am_i(value, *, zone: ZoneInfo):
    """Knows the account's time zone."""
    return str(zone)


@conversion
def with_tax(value, *, rate: Decimal):
    """Uses a built-in conversion."""
    return currency(currency(value) * (1 + rate), scale=2)
'''


def test_a_conversion_of_the_users_is_used_with_its_options(translated):
    rules = "A__c: {from: memo, as: initials, dots: true}\nB__c: {from: total, as: with_tax, rate: 0.19}"
    made = translated(rules, [{"memo": "ada lovelace", "total": "10"}], conversions=MINE)
    assert values_of(made.payloads, "payload") == ['{"A__c":"A. L.","B__c":11.9,"Key__c":"1"}']


def test_it_gets_the_time_zone_of_the_account_unless_the_rule_names_one(translated):
    rules = "A__c: {from: memo, as: where_am_i}\nB__c: {from: memo, as: where_am_i, zone: Europe/Berlin}"
    made = translated(rules, [{"memo": "x"}], conversions=MINE)
    assert values_of(made.payloads, "payload") == ['{"A__c":"America/Chicago","B__c":"Europe/Berlin","Key__c":"1"}']


def test_its_refusals_and_exceptions_reject_one_record(translated):
    rules = "A__c: {from: memo, as: initials}\nB__c: {from: total, as: fragile}\nC__c: {from: package_id, as: strange}"
    records = [{"memo": "ada"}, {"total": 0}, {"package_id": 5}, {"memo": "a b", "total": 2}]
    made = translated(rules, records, conversions=MINE)
    assert values_of(made.rejections, "message") == [
        'A__c: "ada" has too few words',
        "B__c: \"0\" stopped the conversion fragile: DivisionByZero: [<class 'decimal.DivisionByZero'>]",
        'C__c: "5" became "5.0": a conversion returns str, int, Decimal, bool, None or Unfit',
    ]
    assert values_of(made.payloads, "payload") == ['{"A__c":"AB","B__c":0.5,"Key__c":"4"}']


def test_conversions_of_one_folder_do_not_reach_another(mapped, problems):
    mapped("Key__c: invoice_id\nA__c: {from: memo, as: initials}", conversions=MINE)
    text = (
        "from: invoice\nto: I__c\nexternal_id: K__c\nfields:\n  K__c: invoice_id\n  A__c: {from: memo, as: initials}\n"
    )
    assert 'unknown conversion "initials"; known are' in problems(text)[0]
    assert "initials" not in BUILT_IN


def test_editing_the_file_changes_the_fingerprint_of_the_mappings_that_use_it(mapped):
    rules = "Key__c: invoice_id\nA__c: {from: memo, as: initials}"
    edited = MINE.replace("upper()", "lower()")
    assert mapped(rules, conversions=MINE).fingerprint != mapped(rules, conversions=edited).fingerprint
    other = "Key__c: invoice_id"
    assert mapped(other, conversions=MINE).fingerprint == mapped(other, conversions=edited).fingerprint


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("import nothing_like_this\n", 1, "stopped with ModuleNotFoundError: No module named 'nothing_like_this'"),
        ("x = 1\ny = x / 0\n", 2, "stopped with ZeroDivisionError"),
        ("def f(:\n", 1, "this is not Python"),
        ("raise SystemExit(3)\n", 1, "stopped with SystemExit"),
        (
            "from pipelines.mapping.conversions import conversion\n@conversion\ndef date(value):\n    return value\n",
            2,
            '"date" is the name of a built-in conversion; choose another',
        ),
        (
            "from pipelines.mapping.conversions import conversion\n@conversion\ndef f(value, *, x: 'Unknown'): ...\n",
            2,
            'options of "f" cannot be read',
        ),
    ],
)
def test_a_file_that_does_not_load_is_a_problem_at_its_line(read, text, line, says):
    shelf = read(text, account="from: customer\nto: A\nexternal_id: K__c\nfields: {K__c: customer_id}\n")
    (problem,) = shelf.problems
    assert problem.path.endswith("conversions.py")
    assert problem.line == line
    assert says in problem.text
    assert [each.to for each in shelf.mappings] == ["A"]


def test_imported_conversions_are_not_taken_for_the_users(read):
    shelf = read("from pipelines.mapping.conversions.numbers import currency, number\n", account="x: y")
    assert not [each for each in shelf.problems if each.path.endswith("conversions.py")]
