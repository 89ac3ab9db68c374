"""Conversions to text, picklists, addresses, ids, places and JSON."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mapping.conversions import BUILT_IN, Unfit
from pipelines.mapping.conversions.countries import CODES, NAMES
from pipelines.mapping.conversions.texts import length_of


def test_text_keeps_emoji_and_line_ends_and_loses_control_characters(convert):
    assert convert("text", "a💸\n\tb\x00\x07\x7f\r\n") == "a💸\n\tb\r\n"
    assert convert("text", "half \ud83d") == "half \ufffd"


def test_numbers_and_flags_become_plain_text(convert):
    assert convert("text", Decimal("42.500000000000")) == "42.5"
    assert convert("text", True) == "true"
    assert convert("text", 44) == "44"


def test_text_that_is_too_long_is_refused_with_its_length_and_what_to_do(convert):
    text = convert("text", "x" * 1_000_000, max=255).text
    assert text == "is 1000000 characters long, 255 fit; write too_long: cut to shorten it"


def test_too_long_cut_shortens_to_what_fits(convert):
    assert convert("text", "x" * 1_000_000, max=255, too_long="cut") == "x" * 255


def test_an_emoji_counts_twice_and_is_never_cut_in_half(convert):
    assert convert("text", "a💸💸", max=4, too_long="cut") == "a💸"
    assert "is 5 characters long" in convert("text", "a💸💸", max=4).text


@settings(max_examples=100)
@given(st.text(), st.integers(1, 20))
def test_cut_text_fits_and_begins_like_the_text(convert, text, most):
    made = convert("text", text, max=most, too_long="cut")
    assert length_of(made) <= most
    assert convert("text", text).startswith(made)


def test_text_areas_have_line_feeds(convert):
    assert convert("textarea", "a\r\nb\rc") == "a\nb\nc"


def test_rich_text_is_escaped_unless_it_is_html_already(convert):
    assert convert("rich_text", "1 < 2 & 3\nb") == "1 &lt; 2 &amp; 3<br>b"
    assert convert("rich_text", "<b>x</b>", html=True) == "<b>x</b>"


def test_letters_and_blanks(convert):
    assert convert("upper", " usd ") == "USD"
    assert convert("lower", " USD ") == "usd"
    assert convert("trim", "  a \n  b ") == "a b"


def test_a_picklist_value_has_at_most_255_characters(convert):
    assert convert("picklist", " Paid ") == "Paid"
    assert "255 fit" in convert("picklist", "x" * 256).text


def test_a_multipicklist_has_each_value_once(convert):
    assert convert("multipicklist", "a, b,,a", separator=",") == "a;b"
    assert convert("multipicklist", "a;b") == "a;b"
    assert "semicolon" in convert("multipicklist", "a;b,c", separator=",").text


@pytest.mark.parametrize(
    "address", ["a@example.com", "a.b+c@sub.example.co.uk", " a@example.com ", "o'neil@example.com"]
)
def test_email_addresses_pass(convert, address):
    assert convert("email", address) == address.strip()


@pytest.mark.parametrize("address", ["bad@", "a b@c.d", "@c.d", "a@b", "a@@b.c", "a.@b.c", "a@-b.c", "a@b..c", "ä@b.c"])
def test_what_is_no_email_address_is_refused(convert, address):
    assert "is not an email address" in convert("email", address).text


def test_an_email_address_has_at_most_80_characters(convert):
    assert "80" in convert("email", f"{'a' * 75}@b.com").text


def test_a_phone_number_is_kept_as_typed(convert):
    assert convert("phone", " +1 (312) 555-0100 x5 ") == "+1 (312) 555-0100 x5"
    assert "40 fit" in convert("phone", "1" * 41).text
    assert convert("phone", "1" * 41, too_long="cut") == "1" * 40


@pytest.mark.parametrize("address", ["https://example.com/a?b=c", "HTTP://example.com"])
def test_web_addresses_pass(convert, address):
    assert convert("url", address) == address


@pytest.mark.parametrize(
    "address", ["example.com", "javascript:alert(1)", "https://", "https://a b", "https://[", "ftp://a.b"]
)
def test_what_is_no_web_address_is_refused(convert, address):
    assert "is not an address" in convert("url", address).text


def test_a_web_address_is_never_cut(convert):
    assert "takes 255" in convert("url", "https://example.com/" + "x" * 300).text


def test_an_id_gets_its_checksum_and_a_wrong_one_is_noticed(convert):
    assert convert("id", "001D000000IRFma") == "001D000000IRFmaIAH"
    assert convert("id", "001D000000IRFmaIAH") == "001D000000IRFmaIAH"
    assert "its end would be IAH" in convert("id", "001D000000IRFmaIAX").text
    for bad in ("001", "001D000000IRFm!", "44", "001D000000IRFmaIAHX"):
        assert "is not a Salesforce id" in convert("id", bad).text


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("US", "US"),
        ("usa", "US"),
        ("United States", "US"),
        ("Österreich", "AT"),
        ("Germany", "DE"),
        ("u.k.", "GB"),
        ("CAN", "CA"),
    ],
)
def test_countries_become_two_letters(convert, written, code):
    assert convert("country_code", written) == code


def test_an_unknown_country_is_refused_with_the_near_miss(convert):
    assert 'did you mean "DE"' in convert("country_code", "Germny").text


def test_the_table_of_countries_is_complete():
    assert len(CODES) == 249
    assert all(len(code) == 2 and code.isupper() for code in NAMES.values())


@pytest.mark.parametrize(
    ("written", "country", "code"),
    [
        ("Illinois", "", "IL"),
        ("il", "", "IL"),
        ("Québec", "CA", "QC"),
        ("WA", "AU", "WA"),
        ("Western Australia", "", "WA"),
    ],
)
def test_states_become_their_code(convert, written, country, code):
    assert convert("state_code", written, country=country) == code


def test_a_state_of_another_country_or_of_an_unknown_one_is_refused(convert):
    assert "is not a state" in convert("state_code", "Texas", country="CA").text
    assert "no states of France here" in convert("state_code", "Paris", country="FR").text


def test_json_is_compact_and_keeps_its_numbers(convert):
    assert convert("json", '{"a": 1.10, "b": [null, true]}') == '{"a":1.1,"b":[null,true]}'
    for bad in ("{", "NaN", "[1,]", "[" * 100_000):
        assert convert("json", bad).text == "is not JSON"


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_json_says_the_same_before_and_after(convert, tree):
    text = json.dumps(tree, ensure_ascii=False)
    made = convert("json", text)
    if "\\u" not in text and not any(ord(letter) == 127 or 0xD800 <= ord(letter) < 0xE000 for letter in text):
        assert json.loads(made) == tree


@settings(max_examples=100)
@given(st.text() | st.integers() | st.decimals(allow_nan=False) | st.booleans())
def test_no_value_makes_any_conversion_raise_and_each_gives_a_value_or_a_problem(convert, value):
    for name in BUILT_IN:
        made = convert(name, value)
        assert isinstance(made, (str, int, Decimal, bool, Unfit))
        assert not getattr(made, "text", "").startswith("stopped")
