"""Filters must reach ChargeOver whole: an unescaped colon would cut them without a word."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.records import read_list
from pipelines.chargeover.where import clause, lower, moment, upper
from sandbox import chargeover as sandbox

chicago = ZoneInfo("America/Chicago")


def ids(chargeover, kind, *where):
    return [row[CATALOG[kind].key] for seen in read_list(chargeover, CATALOG[kind], where) for row in seen.rows]


def test_colons_and_commas_of_a_value_are_escaped():
    assert clause("company", "EQUALS", "a:b,c") == r"company:EQUALS:a\:b\,c"


def test_a_value_with_colon_and_comma_finds_its_record_and_no_other(chargeover, desk):
    wanted = desk.create("customer", company="Smith: Sons, Ltd")
    desk.create("customer", company="Smith")

    assert ids(chargeover, "customer", clause("company", "EQUALS", "Smith: Sons, Ltd")) == [wanted]


def test_a_moment_filter_has_the_precision_of_a_second(chargeover, desk, company):
    now = datetime.now(UTC).replace(minute=30, second=10, microsecond=0)
    company.clock.set(now - timedelta(seconds=1))
    desk.create("customer", company="One second too early")
    company.clock.set(now)
    wanted = desk.create("customer", company="In time")
    company.clock.set(now + timedelta(seconds=1))
    desk.create("customer", company="One second too late")

    at = moment(now, chicago)
    found = ids(chargeover, "customer", clause("mod_datetime", "GTE", at), clause("mod_datetime", "LTE", at))

    assert found == [wanted]


def test_a_moment_east_of_greenwich_keeps_its_plus_sign(chargeover, desk, company):
    now = datetime.now(UTC).replace(microsecond=0)
    company.clock.set(now)
    wanted = desk.create("customer", company="In time")
    at = moment(now, ZoneInfo("Asia/Kolkata"))

    assert "+05:30" in at
    assert ids(chargeover, "customer", clause("mod_datetime", "GTE", at), clause("mod_datetime", "LTE", at)) == [wanted]


def test_a_moment_in_the_repeated_hour_names_its_offset():
    before, after = (datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (6, 7))

    assert (moment(before, chicago), moment(after, chicago)) == (
        "2026-11-01T01:30:00-05:00",
        "2026-11-01T01:30:00-06:00",
    )


spring, autumn = datetime(2026, 3, 8, 8, tzinfo=UTC), datetime(2026, 11, 1, 7, tzinfo=UTC)
"""When the clocks of Chicago change in 2026: 2 becomes 3 o'clock, and 2 becomes 1."""


def near(change):
    return st.integers(-3 * 3600, 3 * 3600).map(lambda seconds: change + timedelta(seconds=seconds))


def as_local_text(instant, zone):
    return instant.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")


def as_told_without_offset(text, zone, fold):
    return datetime.fromisoformat(text[:19]).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@settings(max_examples=1000)
@given(near(spring) | near(autumn), st.integers(0, 4 * 3600), st.integers(0, 4 * 3600), st.sampled_from([0, 1]))
@example(autumn - timedelta(seconds=1800), 1800, 3600, 1)
@example(autumn + timedelta(seconds=1800), 3600, 3600, 0)
@example(autumn, 0, 0, 0)
@example(autumn - timedelta(hours=1), 3600, 7200, 1)
def test_no_instant_of_a_window_is_lost_whatever_is_done_with_the_offset(start, until_then, until_end, fold):
    """Compared as instants, as local texts, and as the instants that local texts name when their offset is dropped."""
    then, end = start + timedelta(seconds=until_then), start + timedelta(seconds=until_then + until_end)
    low, high = lower(start, chicago), upper(end, chicago)

    assert datetime.fromisoformat(low) <= then <= datetime.fromisoformat(high)
    assert low[:19] <= as_local_text(then, chicago) <= high[:19]
    assert as_told_without_offset(low, chicago, fold) <= then <= as_told_without_offset(high, chicago, fold)


@settings(max_examples=500)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_outside_of_the_repeated_hour_the_bounds_are_the_instants_themselves(instant):
    whole = instant.replace(microsecond=0)
    if abs(whole + timedelta(seconds=1) - autumn) > timedelta(hours=1, seconds=2):
        assert lower(instant, chicago) == moment(instant, chicago)
        assert upper(whole, chicago) == moment(whole, chicago)


def test_the_bounds_of_a_window_leave_the_repeated_hour_only_where_they_must():
    first, second = autumn - timedelta(minutes=30), autumn + timedelta(minutes=30)

    assert (lower(first, chicago), upper(first, chicago)) == ("2026-11-01T00:30:00-05:00", "2026-11-01T01:30:00-05:00")
    assert (lower(second, chicago), upper(second, chicago)) == (
        "2026-11-01T01:30:00-06:00",
        "2026-11-01T02:30:00-06:00",
    )


@pytest.mark.parametrize(
    "account", [{}, {"datetimes": "zoneless"}, {"datetimes": "zoneless", "zone_aware_filters": True}]
)
def test_records_of_both_passes_of_the_repeated_hour_are_found(chargeover, company, desk, account):
    company.configure(sandbox.Settings(**account))
    made = {}
    for minutes in range(-80, 81, 10):
        company.clock.set(autumn + timedelta(minutes=minutes))
        made[company.clock.moment()] = desk.customers(1)[0]

    for start in made:
        for end in (each for each in made if each >= start):
            bounds = (
                clause("mod_datetime", "GTE", lower(start, chicago)),
                clause("mod_datetime", "LTE", upper(end, chicago)),
            )
            wanted = {made[each] for each in made if start <= each <= end}
            assert wanted <= set(ids(chargeover, "customer", *bounds))


def test_a_zone_whose_clock_goes_back_by_half_an_hour_repeats_half_an_hour_only():
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    change = datetime(2026, 4, 4, 15, tzinfo=UTC)

    assert lower(change - timedelta(minutes=10), lord_howe) == "2026-04-05T01:20:00+11:00"
    assert upper(change + timedelta(minutes=10), lord_howe) == "2026-04-05T02:10:00+10:30"
    assert lower(change - timedelta(minutes=40), lord_howe) == "2026-04-05T01:20:00+11:00"


def test_a_started_second_is_inside():
    instant = datetime(2026, 3, 1, 12, 0, 0, 300_000, tzinfo=UTC)

    assert lower(instant, chicago) == "2026-03-01T06:00:00-06:00"
    assert upper(instant, chicago) == "2026-03-01T06:00:01-06:00"
