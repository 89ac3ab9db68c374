"""When the calls to Salesforce run out, if it goes on like this."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.settings import SalesforceSettings
from pipelines.sync.allowance import BACKFILL, LIVE, Allowance, Told
from pipelines.sync.forecast import used_up_at

noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
settings = SalesforceSettings(url="https://a.example", client_id="id")


def forecast(*spent, allowed=20_000):
    """Of (hours ago, hours long, calls an hour, lane): a share of 10,000 unless said otherwise."""
    calls = [
        (noon - timedelta(hours=ago) + timedelta(minutes=minute), lane, an_hour // 60)
        for ago, hours, an_hour, lane in spent
        for minute in range(1, hours * 60 + 1)
    ]
    made = {lane: sum(number for _, each, number in calls if each == lane) for lane in (LIVE, BACKFILL)}
    return used_up_at(Allowance(settings, Told(allowed), made, noon - timedelta(hours=24), noon), calls)


def test_a_pace_that_the_share_bears_for_ever_never_runs_out():
    assert forecast((24, 24, 360, LIVE)) is None


def test_a_pace_that_is_too_fast_runs_out_before_the_first_calls_no_longer_count():
    assert forecast((3, 3, 1_200, LIVE)) == pytest.approx(
        noon + timedelta(hours=5, minutes=20), abs=timedelta(minutes=15)
    )


def test_calls_that_stop_counting_in_time_make_room():
    assert forecast((24, 3, 2_400, LIVE), (3, 3, 390, LIVE)) is None


def test_a_backfill_that_is_under_way_is_not_taken_to_go_on_beyond_its_own_share():
    assert forecast((2, 2, 2_400, BACKFILL), (3, 3, 180, LIVE)) is None
    assert forecast((2, 2, 2_400, LIVE), (3, 3, 180, LIVE)) is not None


def test_nothing_is_said_while_it_is_not_known_what_the_org_allows():
    assert forecast((3, 3, 60_000, LIVE), allowed=0) is None
