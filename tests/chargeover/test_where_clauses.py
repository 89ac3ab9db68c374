"""Filters must reach ChargeOver whole: an unescaped colon would cut them without a word."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.records import read_list
from pipelines.chargeover.where import clause, moment

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
