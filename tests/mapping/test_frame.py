"""Frames of API records: fixed types, exact money, and nothing unreadable gets lost."""

import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mapping.frame import frame_of, values_of

TYPES = {
    "id": "int",
    "total": "decimal",
    "paid": "bool",
    "name": "text",
    "day": "date",
    "at": "datetime",
    "data": "json",
}
ARROW = {
    "id": "int64",
    "total": "decimal128(38, 12)",
    "paid": "bool",
    "name": "string",
    "day": "string",
    "data": "string",
}
NOON = datetime(2026, 3, 10, 7, 0, tzinfo=timezone(timedelta(hours=-5)))


def one(name, raw):
    frame = frame_of([{name: raw}], TYPES, NOON)
    return values_of(frame, name)[0], json.loads(frame["_problems"][0]) if frame["_problems"].notna()[0] else {}


def test_only_fields_that_occur_become_columns():
    frame = frame_of([{"id": 1}, {"name": "a"}], TYPES, NOON)
    assert list(frame.columns) == ["id", "name", "_observed_at", "_absent", "_problems"]


def test_every_column_has_the_type_of_its_field_even_when_it_is_all_null():
    frame = frame_of([dict.fromkeys(TYPES)], TYPES, NOON)
    for name, arrow in ARROW.items():
        assert str(frame[name].dtype) == f"{arrow}[pyarrow]"


def test_no_records_make_an_empty_frame():
    frame = frame_of([], TYPES, NOON)
    assert len(frame) == 0
    assert str(frame["_observed_at"].dtype) == "timestamp[us, tz=UTC][pyarrow]"


def test_the_time_of_observation_is_kept_in_utc():
    assert frame_of([{"id": 1}], TYPES, NOON)["_observed_at"][0] == pd.Timestamp("2026-03-10T12:00:00Z")


def test_what_a_record_does_not_have_is_told_apart_from_null():
    frame = frame_of([{"id": 1, "name": None, "paid": True}, {"id": 2}], TYPES, NOON)
    assert values_of(frame, "_absent") == [None, "name paid"]


def test_ids_as_strings_become_integers_and_stay_exact_beside_a_gap():
    frame = frame_of([{"id": "44"}, {"id": 9007199254740993}, {"id": None}], TYPES, NOON)
    assert values_of(frame, "id") == [44, 9007199254740993, None]


def test_money_is_the_decimal_that_was_written():
    assert one("total", Decimal("42.49")) == (Decimal("42.490000000000"), {})
    assert one("total", 42)[0] == 42
    assert one("total", "42.49")[0] == Decimal("42.49")


def test_the_noise_of_a_float_on_the_other_side_is_rounded_away():
    assert one("total", Decimal("42.490000000000002"))[0] == Decimal("42.49")


def test_a_float_is_a_mistake_of_the_caller():
    for name, raw in [("total", 1.5), ("id", 1.0), ("name", 1.5), ("paid", 0.0), ("data", [1.5])]:
        with pytest.raises(TypeError, match="float"):
            one(name, raw)


@pytest.mark.parametrize(
    "raw", ["NaN", "Infinity", "-Infinity", "1e999", "abc", "1,200.00", "$5", Decimal("NaN"), True, {}]
)
def test_what_is_not_a_number_is_a_gap_with_a_problem(raw):
    value, problems = one("total", raw)
    assert value is None
    assert "is not a number" in problems["total"]


def test_too_many_digits_are_a_problem():
    assert one("total", Decimal("1E+26"))[1] == {"total": '"100000000000000000000000000" has too many digits'}
    assert one("id", 2**63)[1] == {"id": '"9223372036854775808" has too many digits'}
    assert one("id", "9" * 5000)[0] is None


@pytest.mark.parametrize(
    ("raw", "value"), [("44", 44), (" 44 ", 44), (Decimal("44.0"), 44), ("", None), (True, 1), ("-0", 0)]
)
def test_whole_numbers_are_read_leniently(raw, value):
    assert one("id", raw) == (value, {})


@pytest.mark.parametrize("raw", ["abc", "44.5", Decimal("0.1"), "1_000", "٤٤", [], {}])
def test_what_is_not_a_whole_number_is_a_gap_with_a_problem(raw):
    value, problems = one("id", raw)
    assert value is None
    assert "is not a whole number" in problems["id"]


@pytest.mark.parametrize(
    ("raw", "value"), [("0", False), ("1", True), (0, False), (1, True), ("TRUE", True), ("", None)]
)
def test_flags_are_read_from_all_spellings_that_chargeover_uses(raw, value):
    assert one("paid", raw) == (value, {})


@pytest.mark.parametrize("raw", ["yes", 2, Decimal("0.5"), "t", []])
def test_what_is_neither_true_nor_false_is_a_gap_with_a_problem(raw):
    assert one("paid", raw)[1]["paid"].endswith("is neither true nor false")


def test_numbers_in_text_fields_become_their_text():
    assert one("name", Decimal("99.0")) == ("99", {})
    assert one("name", 44) == ("44", {})
    assert one("name", Decimal("1E+2")) == ("100", {})
    assert one("name", True) == ("true", {})


def test_a_group_where_text_was_expected_is_a_problem():
    assert one("name", {"a": 1}) == (None, {"name": "\"{'a': 1}\" is not text"})


def test_empty_text_stays_what_it_is():
    assert one("name", "") == ("", {})
    assert one("at", "") == ("", {})


def test_emoji_long_text_and_half_surrogates_survive():
    assert one("name", "💸 paid")[0] == "💸 paid"
    assert len(one("name", "x" * 1_000_000)[0]) == 1_000_000
    assert one("name", "a\ud800b") == ("a\ufffdb", {})


def test_structures_are_kept_as_json_with_exact_numbers():
    assert one("data", [{"a": Decimal("1.10"), "b": None, "c": "ä"}])[0] == '[{"a":1.1,"b":null,"c":"ä"}]'
    assert one("data", [Decimal("NaN")])[1]["data"].endswith("is not JSON")


def test_one_bad_value_does_not_touch_its_neighbours():
    frame = frame_of([{"total": Decimal(1)}, {"total": "NaN"}, {"total": 3}], TYPES, NOON)
    assert values_of(frame, "total") == [1, None, 3]
    assert list(frame["_problems"].notna()) == [False, True, False]


scalars = st.none() | st.booleans() | st.integers() | st.decimals() | st.text()
trees = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))
anything = st.lists(st.dictionaries(st.sampled_from([*TYPES, "unknown"]), trees), max_size=8)


@settings(max_examples=100)
@given(anything)
def test_any_records_make_a_frame_of_as_many_rows_with_fixed_types(records):
    frame = frame_of(records, TYPES, NOON)
    assert len(frame) == len(records)
    for name, arrow in ARROW.items():
        assert name not in frame or str(frame[name].dtype) == f"{arrow}[pyarrow]"


@settings(max_examples=100)
@given(anything)
def test_every_value_is_there_or_absent_or_empty_or_a_problem(records):
    frame = frame_of(records, TYPES, NOON)
    problems = [json.loads(text) if text else {} for text in values_of(frame, "_problems")]
    absent = [(names or "").split() for names in values_of(frame, "_absent")]
    for name in set(TYPES) & set(frame.columns):
        for row, value in enumerate(values_of(frame, name)):
            raw = records[row].get(name)
            assert (name in absent[row]) == (name not in records[row])
            empty = raw is None or (isinstance(raw, str) and not raw.strip())
            assert (value is None) == (name in problems[row] or (empty and value is None))
            assert not (name in problems[row] and empty)


@settings(max_examples=100)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**20), max_value=10**20))
def test_amounts_come_back_to_the_last_digit(amount):
    assert one("total", amount)[0] == amount
    assert one("total", str(amount))[0] == amount


def test_a_frame_survives_parquet(tmp_path):
    frame = frame_of([{"id": 1, "total": Decimal("0.01"), "paid": None, "name": "ä"}], TYPES, NOON)
    frame.to_parquet(tmp_path / "part.parquet")
    again = pd.read_parquet(tmp_path / "part.parquet", dtype_backend="pyarrow")
    assert values_of(again, "total") == [Decimal("0.010000000000")]
    assert pa.array(again["id"]).to_pylist() == [1]
