"""Records become payloads: every row is sent, rejected with its problem, or outside the mapping."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mapping.frame import frame_of, values_of
from pipelines.mapping.stack import stack
from pipelines.mapping.translate import Identity, translate

CHICAGO = ZoneInfo("America/Chicago")
SEEN_AT = datetime(2026, 3, 10, tzinfo=UTC)
INVOICE = Identity("invoice_id", "customer_id")


def payloads(translation):
    return [json.loads(text, parse_float=Decimal) for text in values_of(translation.payloads, "payload")]


def messages(translation):
    return values_of(translation.rejections, "message")


def test_a_record_becomes_a_payload_with_sorted_keys_and_without_blanks(translated):
    made = translated(
        "Total__c: {from: total, as: currency}\nName: refnumber", [{"refnumber": "A 1", "total": Decimal("42.50")}]
    )
    assert values_of(made.payloads, "payload") == ['{"Key__c":"1","Name":"A 1","Total__c":42.5}']
    assert values_of(made.payloads, "record_id") == [1]
    assert values_of(made.payloads, "customer_id") == [7]
    assert values_of(made.payloads, "external_id") == ["1"]


def test_text_is_sent_as_it_is_and_not_as_escapes(translated):
    made = translated("Name: memo", [{"memo": 'ä "💸"\n\x00'}])
    assert values_of(made.payloads, "payload") == ['{"Key__c":"1","Name":"ä \\"💸\\"\\n"}']


def test_a_bad_value_rejects_its_record_and_no_other(translated):
    made = translated("Total__c: {from: total, as: currency}", [{"total": "NaN"}, {"total": 1}, {"total": "Infinity"}])
    assert values_of(made.rejections, "record_id") == [1, 3]
    assert messages(made)[0] == 'Total__c: "NaN" is not a number; correct total in ChargeOver'
    assert values_of(made.rejections, "field") == ["Total__c", "Total__c"]
    assert values_of(made.rejections, "external_id") == ["1", "3"]
    assert payloads(made) == [{"Key__c": "2", "Total__c": 1}]


def test_a_bad_value_in_a_field_that_is_not_mapped_harms_nobody(translated):
    assert payloads(translated("Name: memo", [{"memo": "a", "total": "NaN"}])) == [{"Key__c": "1", "Name": "a"}]


def test_the_first_problem_is_told_and_the_others_are_counted(translated):
    rules = "Total__c: {from: total, as: currency}\nDate__c: {from: date, as: date}\nMail__c: {from: memo, as: email}"
    made = translated(rules, [{"total": "x", "date": "2026-02-30", "memo": "bad@"}])
    assert messages(made) == ['Total__c: "x" is not a number; correct total in ChargeOver (and 2 more)']


def test_a_long_value_is_quoted_in_part(translated):
    message = messages(translated("Name: {from: memo, max: 5}", [{"memo": "x" * 1_000_000}]))[0]
    assert len(message) < 200
    assert message.startswith('Name: "xxx')


@pytest.mark.parametrize("empty", [None, "", "  ", "0000-00-00", "0000-00-00 00:00:00"])
def test_empty_values_clear_the_field_or_leave_it(translated, empty):
    rules = "Date__c: {from: mod_datetime, as: datetime}"
    assert payloads(translated(rules, [{"mod_datetime": empty}]))[0] == {"Key__c": "1", "Date__c": None}
    assert payloads(translated(rules, [{"mod_datetime": empty}], "nulls: leave"))[0] == {"Key__c": "1"}


def test_what_the_record_does_not_have_is_left_out_even_when_nulls_clear(translated):
    made = translated(
        "Name: memo\nTotal__c: {from: total, as: currency, default: 0}", [{"memo": None}, {"total": None}]
    )
    assert payloads(made) == [{"Key__c": "1", "Name": None}, {"Key__c": "2", "Total__c": 0}]


def test_a_field_that_no_record_has_is_left_out(translated):
    assert payloads(translated("Name: memo", [{}])) == [{"Key__c": "1"}]


def test_a_default_stands_for_empty_values_and_is_converted(translated):
    made = translated("Total__c: {from: total, as: currency, default: 0.50}", [{"total": None}, {"total": 2}])
    assert [each["Total__c"] for each in payloads(made)] == [Decimal("0.5"), 2]


def test_an_empty_flag_is_false_because_checkboxes_have_no_third_state(translated):
    assert payloads(translated("Void__c: {from: is_void, as: checkbox}", [{"is_void": None}]))[0]["Void__c"] is False


def test_several_fields_are_joined_without_the_empty_ones(translated):
    rule = 'Address__c: {from: [memo, refnumber, total], join: ", "}'
    made = translated(
        rule, [{"memo": "a", "refnumber": " ", "total": Decimal("1.50")}, {"memo": None, "refnumber": ""}]
    )
    assert [each["Address__c"] for each in payloads(made)] == ["a, 1.5", None]


def test_of_several_fields_the_first_with_a_value_is_taken(translated):
    rule = "Name: {from: [refnumber, is_void, invoice_id], take: first}"
    made = translated(rule, [{"refnumber": "A"}, {"refnumber": "", "is_void": True}, {"refnumber": None}])
    assert [each["Name"] for each in payloads(made)] == ["A", "true", "3"]


def test_a_flag_and_the_number_one_are_not_the_same_value(translated):
    rule = "Name: {from: [is_void, package_id], take: first}"
    made = translated(rule, [{"is_void": True}, {"is_void": None, "package_id": 1}])
    assert [each["Name"] for each in payloads(made)] == ["true", "1"]


def test_text_of_which_nothing_is_left_is_null(translated):
    assert payloads(translated("Name: memo", [{"memo": "\x00\x01"}]))[0]["Name"] is None
    assert "Name" not in payloads(translated("Name: memo", [{"memo": "\x00"}], "nulls: leave"))[0]


STATUS = "Status__c: {from: invoice_status_str, choices: {open-unpaid: Unpaid, void: null}, otherwise: %s}"


@pytest.mark.parametrize(("otherwise", "made"), [("null", None), ("keep", "new"), ("{value: Other}", "Other")])
def test_otherwise_says_what_a_word_without_choice_becomes(translated, otherwise, made):
    records = [{"invoice_status_str": word} for word in ("open-unpaid", "new", "void", None)]
    found = [each["Status__c"] for each in payloads(translated(STATUS % otherwise, records))]
    assert found == ["Unpaid", made, None, None]


def test_a_word_without_choice_is_rejected_unless_said_otherwise(translated):
    made = translated(STATUS % "reject", [{"invoice_status_str": "new"}])
    known = '"open-unpaid", "void"; add it to the mapping, or say what happens otherwise'
    assert messages(made) == [f'Status__c: "new" is not among the choices {known}']


def test_choices_of_flags_are_written_true_and_false(translated):
    made = translated(
        "Kind__c: {from: is_void, choices: {true: Void, false: Live}}", [{"is_void": "1"}, {"is_void": 0}]
    )
    assert [each["Kind__c"] for each in payloads(made)] == ["Void", "Live"]


def test_constants_are_text_except_true_and_false(translated):
    rules = (
        "A__c: {value: no}\nB__c: {value: true}\nC__c: {value: 07}\nD__c: {value: null}\nE__c: {value: 5, as: number}"
    )
    assert payloads(translated(rules, [{}]))[0] == {
        "A__c": "no",
        "B__c": True,
        "C__c": "07",
        "D__c": None,
        "E__c": 5,
        "Key__c": "1",
    }


def test_only_says_which_records_are_loaded(translated):
    records = [{"is_void": True}, {"is_void": "0"}, {"is_void": None}]
    made = translated("Name: memo", records, "only: {is_void: false}")
    assert values_of(made.payloads, "record_id") == [2]
    assert values_of(made.outside, "record_id") == [1, 3]
    assert values_of(made.outside, "external_id") == ["1", "3"]


@pytest.mark.parametrize(
    ("only", "kept"),
    [
        ("{memo: a}", ["a"]),
        ("{memo: [a, b]}", ["a", "b"]),
        ("{memo: {not: a}}", ["b", None]),
        ("{memo: {not: [a, null]}}", ["b"]),
        ("{memo: null}", [None]),
        ("{memo: {not: null}}", ["a", "b"]),
        ("{memo: [a, null]}", ["a", None]),
        ("{memo: a, total: 1.50}", ["a"]),
        ("{total: 2}", []),
    ],
)
def test_only_compares_with_values_lists_null_and_not(translated, only, kept):
    records = [{"memo": memo, "total": Decimal("1.5")} for memo in ("a", "b", None)]
    made = translated("Name: memo", records, f"only: {only}")
    assert [each["Name"] for each in payloads(made)] == kept


def test_a_record_outside_the_mapping_is_never_rejected(translated):
    made = translated(
        "Total__c: {from: total, as: currency}", [{"total": "NaN", "is_void": True}], "only: {is_void: false}"
    )
    assert (len(made.outside), len(made.rejections)) == (1, 0)


def test_what_cannot_be_compared_is_rejected(translated):
    made = translated("Name: memo", [{"is_void": "perhaps"}], "only: {is_void: false}")
    assert messages(made) == [
        'only cannot be checked: "perhaps" is neither true nor false; correct is_void in ChargeOver'
    ]


LOOKUPS = """lookups:
  Account__c: {from: customer_id, to: Account}
  Parent__c: {from: package_id, to: Account, missing: null}
"""


def test_lookups_name_the_parents_external_id_as_text(translated):
    made = translated("Name: memo", [{"customer_id": "44", "package_id": None}], LOOKUPS)
    assert values_of(made.payloads, "lookups") == ['{"Account__c":"44","Parent__c":null}']


def test_an_id_of_zero_means_no_parent(translated):
    made = translated("Name: memo", [{"customer_id": 0, "package_id": "0"}], LOOKUPS)
    assert values_of(made.payloads, "lookups") == ['{"Account__c":null,"Parent__c":null}']


def test_an_absent_lookup_is_left_out(translated):
    made = translated("Name: memo", [{"customer_id": 1, "package_id": 2}, {"customer_id": 1}], LOOKUPS)
    assert values_of(made.payloads, "lookups") == ['{"Account__c":"1","Parent__c":"2"}', '{"Account__c":"1"}']


def test_an_unreadable_lookup_rejects_the_record(translated):
    made = translated("Name: memo", [{"package_id": "abc"}], LOOKUPS)
    assert messages(made) == ['Parent__c: "abc" is not a whole number; correct package_id in ChargeOver']


def test_the_fingerprint_follows_payload_and_lookups_and_nothing_else(translated):
    records = [{"memo": "a", "package_id": 1, "total": 1}, {"memo": "a", "package_id": 2}]
    made = [translated("Name: memo", [record], LOOKUPS) for record in [*records, {**records[0], "total": 9}]]
    first, second, third = (values_of(each.payloads, "fingerprint")[0] for each in made)
    assert first == third != second


LINES = """
from: invoice.line_items
to: Line__c
external_id: Key__c
fields:
  Key__c: {from: [invoice.invoice_id, item_id], join: "-"}
  Total__c: {from: line_total, as: currency}
"""


def lines(read, framed, records):
    shelf = read(lines=LINES)
    identity = Identity("invoice.invoice_id", "invoice.customer_id")
    return translate(framed(records, "invoice.line_items"), shelf.mappings[0], identity, CHICAGO)


def test_children_carry_their_parents_record_and_customer(read, framed):
    made = lines(read, framed, [{"invoice.invoice_id": 5, "invoice.customer_id": 7, "item_id": 2, "line_total": 1}])
    assert made.payloads[["record_id", "customer_id", "external_id"]].to_numpy().tolist() == [[5, 7, "5-2"]]


def test_every_part_of_an_external_id_is_needed(read, framed):
    made = lines(read, framed, [{"invoice.invoice_id": 5, "item_id": None}, {"invoice.invoice_id": 5}])
    told = "Key__c: item_id is empty, and every record needs its external id"
    assert messages(made) == [told, told]
    assert values_of(made.rejections, "external_id") == [None, None]


def test_two_children_with_one_external_id_are_both_rejected(read, framed):
    records = [{"invoice.invoice_id": 5, "item_id": item, "line_total": 50} for item in (2, 2, 3)]
    made = lines(read, framed, records)
    assert values_of(made.payloads, "external_id") == ["5-3"]
    assert messages(made)[0] == 'Key__c: "5-2" is the external id of several records; make it tell them apart'
    assert len(made.rejections) == 2


def test_two_records_with_one_external_id_are_both_rejected(mapped, framed):
    mapping = mapped("Key__c: external_key")
    frame = framed([{"invoice_id": 1, "external_key": "a"}, {"invoice_id": 2, "external_key": "a"}])
    assert len(translate(frame, mapping, INVOICE, CHICAGO).rejections) == 2


def test_the_same_record_read_twice_is_no_twin_of_itself(mapped, framed):
    mapping, frame = mapped("Key__c: invoice_id"), framed([{"invoice_id": 1}])
    assert len(translate(stack([frame, frame]), mapping, INVOICE, CHICAGO).payloads) == 2


def test_a_record_without_its_own_id_is_rejected(mapped, framed):
    made = translate(framed([{"external_key": "a"}]), mapped("Key__c: external_key"), INVOICE, CHICAGO)
    assert messages(made) == ["the record has no invoice_id; ChargeOver gives every record one"]


def test_an_unreadable_external_id_is_rejected_once(mapped, framed):
    made = translate(framed([{"invoice_id": "abc"}]), mapped("Key__c: invoice_id"), INVOICE, CHICAGO)
    assert len(made.rejections) == 1
    assert '"abc" is not a whole number' in messages(made)[0]


def test_an_empty_frame_makes_empty_frames(translated):
    made = translated("Name: memo", [])
    assert [len(each) for each in (made.payloads, made.rejections, made.outside)] == [0, 0, 0]


RULES = """
Name: {from: memo, max: 5}
Total__c: {from: total, as: currency}
Void__c: {from: is_void, as: checkbox}
Date__c: {from: date, as: date}
Changed__c: {from: mod_datetime, as: datetime}
Status__c: {from: invoice_status_str, choices: {a: A}}
Data__c: {from: detail, as: json}
Both__c: {from: [memo, total], join: "-"}
First__c: {from: [total, is_void, memo], take: first, as: upper}
"""
values = (
    st.none() | st.booleans() | st.integers(-5, 10**20) | st.decimals() | st.text(max_size=8) | st.just("2026-01-02")
)
records = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            "invoice_id",
            "customer_id",
            "package_id",
            "memo",
            "total",
            "is_void",
            "date",
            "mod_datetime",
            "invoice_status_str",
            "detail",
        ),
        values,
    ),
)


@settings(max_examples=80)
@given(st.lists(records, max_size=6))
def test_every_row_has_one_outcome_and_every_payload_is_json(mapped, framed, rows):
    mapping = mapped("Key__c: invoice_id" + RULES, LOOKUPS + "only: {is_void: {not: true}}")
    frame = framed(rows)
    made = translate(frame, mapping, INVOICE, CHICAGO)
    assert len(made.payloads) + len(made.rejections) + len(made.outside) == len(frame)
    for payload, key in zip(payloads(made), values_of(made.payloads, "external_id"), strict=True):
        assert payload["Key__c"] == key
        assert list(payload) == sorted(payload)
        assert set(payload) <= set(mapping.fields)
    for text in values_of(made.payloads, "lookups"):
        assert all(value is None or isinstance(value, str) for value in json.loads(text).values())


@settings(max_examples=40)
@given(st.lists(records, max_size=5))
def test_the_same_records_make_the_same_payloads_alone_and_together(mapped, framed, rows):
    mapping = mapped("Key__c: memo" + RULES, LOOKUPS)
    rows = [{**row, "invoice_id": at, "memo": f"k{at}"} for at, row in enumerate(rows)]
    together = values_of(translate(framed(rows), mapping, INVOICE, CHICAGO).payloads, "fingerprint")
    alone = [values_of(translate(framed([row]), mapping, INVOICE, CHICAGO).payloads, "fingerprint") for row in rows]
    assert together == [each for part in alone for each in part]


@settings(max_examples=60)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15))
def test_money_arrives_to_the_cent(translated, amount):
    text = values_of(translated("Total__c: {from: total, as: currency}", [{"total": amount}]).payloads, "payload")[0]
    assert json.loads(text, parse_float=Decimal, parse_int=Decimal)["Total__c"] == amount


def test_a_customer_column_may_be_missing_altogether(mapped):
    frame = frame_of([{"invoice_id": 1}], {"invoice_id": "int"}, SEEN_AT)
    made = translate(frame, mapped("Key__c: invoice_id"), Identity("invoice_id", None), CHICAGO)
    assert values_of(made.payloads, "customer_id") == [None]
