"""Conversions to numbers: exact, plain, and never a surprise."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mapping.becoming import printed
from pipelines.mapping.conversions import Unfit

amounts = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**17), max_value=10**17, places=6)


@settings(max_examples=100)
@given(amounts)
def test_an_amount_that_is_printed_and_read_again_is_the_same_amount(convert, amount):
    shown = printed(convert("currency", amount))
    assert Decimal(shown) == amount
    assert "E" not in shown.upper()
    assert shown != "-0"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("42.500000000000"), "42.5"),
        (Decimal("99.00"), "99"),
        (Decimal("1E+2"), "100"),
        (Decimal("-0.00"), "0"),
        (Decimal("0.01"), "0.01"),
        ("1e3", "1000"),
        (" 7.10 ", "7.1"),
        (7, "7"),
        (Decimal("-12.34"), "-12.34"),
        (Decimal("0E-100"), "0"),
        (Decimal("0E+100"), "0"),
        (Decimal("5E-324"), "0"),
    ],
)
def test_numbers_are_printed_as_plain_decimals(convert, value, shown):
    assert printed(convert("currency", value)) == shown


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "-inf", "sNaN", "$5", "1,200", "12abc", "", "--1", "1e9999", True, "٣"]
)
@pytest.mark.parametrize("name", ["number", "currency", "percent", "integer"])
def test_what_is_not_a_finite_number_is_refused_in_words(convert, name, value):
    assert convert(name, value).text.startswith("is not a number")


@pytest.mark.parametrize(
    ("value", "shown"), [("2.345", "2.34"), ("2.355", "2.36"), ("2.5", "2.5"), ("-2.345", "-2.34")]
)
def test_a_scale_rounds_half_to_even(convert, value, shown):
    assert printed(convert("currency", value, scale=2)) == shown


def test_without_a_scale_every_decimal_is_sent(convert):
    assert printed(convert("currency", "0.123456789012")) == "0.123456789012"


def test_eighteen_digits_before_the_point_are_the_limit(convert):
    assert convert("number", Decimal(10) ** 18 - 1) == 999999999999999999
    assert "18 digits" in convert("number", Decimal(10) ** 18).text
    assert "18 digits" in convert("number", "999999999999999999.9", scale=0).text


def test_a_percentage_is_five_for_five_percent(convert):
    assert printed(convert("percent", "5")) == "5"
    assert printed(convert("percent", "0.05", fraction=True)) == "5"


def test_an_integer_takes_whole_numbers_only(convert):
    assert convert("integer", Decimal("44.0")) == 44
    assert convert("integer", "44.5").text.startswith("is not a whole number")


@pytest.mark.parametrize(
    ("value", "made"), [("0", False), ("1", True), (1, True), (0, False), ("TRUE", True), ("false", False)]
)
def test_a_checkbox_reads_every_spelling(convert, value, made):
    assert convert("checkbox", value) is made


def test_a_checkbox_refuses_other_words(convert):
    assert "neither true nor false" in convert("checkbox", "maybe").text
    assert "neither true nor false" in convert("checkbox", 2).text


values = st.text(max_size=60) | st.integers() | st.decimals() | st.booleans()


@settings(max_examples=100)
@given(values)
def test_no_value_makes_a_number_conversion_raise(convert, value):
    for name in ("number", "currency", "percent", "integer"):
        made = convert(name, value)
        assert isinstance(made, Unfit) or abs(made) < 10**18
        assert "stopped" not in getattr(made, "text", "")


def test_no_zero_is_printed_with_a_sign():
    assert printed(Decimal("-0.00")) == printed(Decimal("-0")) == "0"
