"""Months of creation: every record lies in exactly one, and the filter for some months finds all of theirs."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.months import Span, is_month, month_of
from pipelines.chargeover.records import read_list

# clocks that are put back at or across midnight, by half an hour, at a month's end; one that skipped a whole day
ZONES = ("America/Chicago", "America/Havana", "America/Asuncion", "America/Sao_Paulo", "Asia/Beirut", "Asia/Gaza",
         "Australia/Lord_Howe", "Pacific/Apia", "Europe/London", "Atlantic/Azores", "Asia/Kolkata", "UTC")  # fmt: skip
havana = ZoneInfo("America/Havana")
zones = st.sampled_from([ZoneInfo(name) for name in ZONES])
seconds = st.integers(0, 25 * 365 * 86400).map(lambda n: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(seconds=n))
near_a_turn = st.builds(
    lambda year, month, offset: datetime(year, month, 1, tzinfo=UTC) + timedelta(seconds=offset),
    st.integers(2005, 2029), st.integers(1, 12), st.integers(-93_600, 93_600),
)  # fmt: skip


def months(first, count):
    year, month = map(int, first.split("-"))
    return [f"{year + (month - 1 + n) // 12}-{(month - 1 + n) % 12 + 1:02}" for n in range(count)]


def finds(where, moment, zone, *, by_text):
    """Whether an account finds a moment by these clauses: one that minds offsets, or one that compares local texts."""
    shown = (lambda at: at.replace(tzinfo=None)) if by_text else (lambda at: at)
    local = shown(moment.astimezone(zone))
    for each in where:
        _, operator, value = each.replace("\\:", "\0").split(":")
        bound = shown(datetime.fromisoformat(value.replace("\0", ":")))
        if not (local >= bound if operator == "GTE" else local <= bound):
            return False
    return True


@given(
    moment=seconds | near_a_turn, zone=zones, before=st.integers(0, 3), after=st.integers(0, 3), by_text=st.booleans()
)
@example(datetime(2026, 11, 1, 4, 30, tzinfo=UTC), havana, 0, 0, True)
@example(datetime(2026, 11, 1, 5, 30, tzinfo=UTC), havana, 0, 0, False)
def test_a_record_lies_in_one_month_and_every_span_around_it_finds_it(moment, zone, before, after, by_text):
    local = moment.astimezone(zone)
    month = month_of(local.isoformat(), zone)
    around = months(f"{local.year - 1}-{local.month:02}", 25)
    here = around.index(month)

    assert [each for each in around if Span(each, each).holds(month)] == [month]
    assert month_of(local.replace(tzinfo=None).isoformat(" "), zone) == month
    span = Span(around[here - before], around[here + after])
    assert span.holds(month)
    assert finds(span.where("write_datetime", zone), moment, zone, by_text=by_text)
    assert not Span(around[here + 1], None).holds(month)
    assert not Span(None, around[here - 1]).holds(month)


@given(moment=near_a_turn, zone=zones)
def test_a_filter_reaches_no_further_than_an_hour_into_the_neighbouring_months(moment, zone):
    """What comes along beyond a span is dropped, but it costs calls."""
    month = month_of(moment.astimezone(zone).isoformat(), zone)
    span = Span(month, month)
    hours = [moment + timedelta(hours=n) for n in (-2, 2)]
    for each in hours:
        if not span.holds(month_of(each.astimezone(zone).isoformat(), zone)):
            far = each + (timedelta(hours=1) if each > moment else timedelta(hours=-1))
            assert not finds(span.where("write_datetime", zone), far, zone, by_text=False)


def test_a_month_is_written_as_year_and_month():
    written = ["2025-01", "2025-13", "2025-1", "25-01", "2025-00", "2025-01-01", ""]

    assert [each for each in written if is_month(each)] == ["2025-01"]


@pytest.mark.parametrize("written", [None, "", "soon", "2025"])
def test_what_has_no_month_counts_as_the_earliest(written):
    assert month_of(written, havana) is None
    assert Span(None, "2010-01").holds(None)
    assert not Span("2010-01", None).holds(None)


def test_the_months_of_an_account_hold_each_record_once(chargeover, desk, company):
    """Records of both sides of a month's end, and of the hour that the clock of Chicago repeats."""
    zone, kind = ZoneInfo("America/Chicago"), CATALOG["customer"]
    moments = ["2025-10-31T23:59:59-05:00", "2025-11-01T00:00:00-05:00", "2025-11-02T01:30:00-05:00",
               "2025-11-02T01:30:00-06:00", "2025-11-30T23:59:59-06:00", "2025-12-01T00:00:00-06:00"]  # fmt: skip
    made = []
    for moment in moments:
        company.clock.set(datetime.fromisoformat(moment))
        made.append(desk.create("customer", company=moment))

    found = {
        month: [
            row["customer_id"]
            for seen in read_list(chargeover, kind, Span(month, month).where(kind.created, zone))
            for row in seen.rows
            if row["customer_id"] in made and Span(month, month).holds(month_of(row[kind.created], zone))
        ]
        for month in ("2025-10", "2025-11", "2025-12")
    }

    assert found == {"2025-10": made[:1], "2025-11": made[1:5], "2025-12": made[5:]}
