"""Conversions to dates and times, with the hours that clocks show twice or never."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mapping.conversions import Unfit

CHICAGO = ZoneInfo("America/Chicago")
days = st.dates(date(1700, 1, 1), date(3999, 12, 31))
span = (datetime.fromisoformat("1901-01-01"), datetime.fromisoformat("3999-12-30"))
instants = st.datetimes(*span).map(lambda at: at.replace(microsecond=0))
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(max_examples=100)
@given(days)
def test_a_day_stays_the_same_day(convert, day):
    assert convert("date", day.isoformat()) == day.isoformat()


@settings(max_examples=100)
@given(instants, offsets)
def test_an_instant_with_an_offset_stays_the_same_instant(convert, at, offset):
    at = at.replace(tzinfo=offset)
    assert datetime.fromisoformat(convert("datetime", at.isoformat())) == at
    assert datetime.fromisoformat(convert("datetime", at.isoformat(sep=" "))) == at


@settings(max_examples=100)
@given(instants)
def test_a_time_without_zone_is_read_on_the_clocks_of_the_account(convert, at):
    made = datetime.fromisoformat(convert("datetime", at.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")))
    assert made == at.replace(tzinfo=CHICAGO).astimezone(UTC)


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("2022-10-25T08:50:45-05:00", "2022-10-25T13:50:45Z"),
        ("2022-10-25T08:50:45-0500", "2022-10-25T13:50:45Z"),
        ("2022-10-25T08:50:45Z", "2022-10-25T08:50:45Z"),
        ("2015-03-24 14:57:52", "2015-03-24T19:57:52Z"),
        ("2015-01-24 14:57:52", "2015-01-24T20:57:52Z"),
        ("2026-11-01 01:30:00", "2026-11-01T06:30:00Z"),
        ("2026-03-08 02:30:00", "2026-03-08T08:30:00Z"),
        ("2026-03-08", "2026-03-08T06:00:00Z"),
        ("2026-03-08T10:00", "2026-03-08T15:00:00Z"),
        ("2026-03-08T10:00:00.999Z", "2026-03-08T10:00:00Z"),
    ],
)
def test_instants_are_sent_in_utc(convert, written, made):
    assert convert("datetime", written) == made


def test_a_rule_may_name_another_time_zone(convert):
    assert convert("datetime", "2026-06-01 00:00:00", zone=ZoneInfo("Europe/Berlin")) == "2026-05-31T22:00:00Z"


def test_the_day_of_an_instant_is_the_day_it_was_in_the_account(convert):
    assert convert("date", "2026-01-02T01:00:00Z") == "2026-01-01"
    assert convert("date", "2026-01-02 01:00:00") == "2026-01-02"
    assert convert("date", "2026-01-02T01:00:00Z", zone=ZoneInfo("UTC")) == "2026-01-02"


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-30",
        "2026-13-01",
        "02/03/2026",
        "20260301",
        "2026-W01-1",
        "1699-12-31",
        "9999-12-31",
        "today",
        "12",
        0,
        True,
    ],
)
@pytest.mark.parametrize("name", ["date", "datetime"])
def test_what_is_not_a_date_is_refused_in_words(convert, name, written):
    assert "is not a date" in convert(name, written).text


@pytest.mark.parametrize(
    ("written", "made"),
    [("14:30", "14:30:00.000Z"), ("14:30:15", "14:30:15.000Z"), ("2026-07-01T12:00:00Z", "07:00:00.000Z")],
)
def test_times_of_day(convert, written, made):
    assert convert("time", written) == made


@pytest.mark.parametrize("written", ["25:00", "2026-07-01", "noon", "14", "14:60"])
def test_what_is_not_a_time_is_refused(convert, written):
    assert convert("time", written).text == "is not a time such as 14:30"


@settings(max_examples=100)
@given(st.text(max_size=40) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.+Z-]{0,20}", fullmatch=True))
def test_no_text_makes_a_date_conversion_raise(convert, written):
    for name in ("date", "datetime", "time"):
        made = convert(name, written)
        assert isinstance(made, str) or not made.text.startswith("stopped")
        assert isinstance(made, (str, Unfit))
