"""Instants are ChargeOver's: a wrong clock on either side loses no change and no order."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from stage import client_of

from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.clock import ServerClock
from pipelines.errors import FixAccess
from pipelines.settings import ChargeOverSettings, read_settings
from pipelines.sync.accounts import chargeover_of

second = timedelta(seconds=1)


def heard(clock, written_at, sent_at, received_at):
    clock.heard(format_datetime(written_at.astimezone(UTC), usegmt=True), sent_at, received_at)


def skew(clock):
    return clock.now() - datetime.now(UTC)


@pytest.mark.parametrize("days", [-3, 3])
def test_a_server_whose_clock_is_days_off_is_believed(chargeover, company, days):
    company.clock.advance(days * 86400)

    assert abs(chargeover.now() - datetime.now(UTC) - timedelta(days=days)) < 2 * second


@pytest.mark.parametrize("days", [-3, 3])
def test_a_clock_that_is_set_while_we_read_is_followed_with_the_next_answer(chargeover, company, days):
    chargeover.now()
    company.clock.advance(days * 86400)
    chargeover.get("customer", 1)

    assert abs(chargeover.now() - datetime.now(UTC) - timedelta(days=days)) < 2 * second


def test_every_reading_is_stamped_with_the_start_of_its_request(chargeover, company, stage):
    company.clock.advance(86400)
    chargeover.now()
    stage.before = lambda path, query: company.clock.advance(0)
    start = datetime.now(UTC) + timedelta(days=1)

    observed_at = chargeover.get("customer", 1).observed_at

    assert start - 2 * second < observed_at < start + 2 * second


def test_a_slow_answer_is_no_skew():
    clock, sent_at = ServerClock(), datetime(2026, 3, 1, 12, tzinfo=UTC)

    heard(clock, sent_at + second, sent_at, sent_at + 30 * second)
    assert abs(skew(clock)) < second / 10
    heard(clock, sent_at + 29 * second, sent_at, sent_at + 30 * second)
    assert abs(skew(clock)) < second / 10


def test_a_skew_once_known_is_kept_through_slow_answers():
    clock, sent_at, off = ServerClock(), datetime(2026, 3, 1, 12, tzinfo=UTC), timedelta(hours=5)
    heard(clock, sent_at + off, sent_at, sent_at + second / 10)
    known = skew(clock)

    heard(clock, sent_at + off + second, sent_at, sent_at + 60 * second)

    assert abs(skew(clock) - known) < second / 10
    assert abs(known - off) < 2 * second


@pytest.mark.parametrize("seconds", [-4000, -7.3, 7.3, 4000])
def test_two_runs_read_the_same_skew_alike(stage, company, seconds):
    """Else the later of two runs might seem to have read first, and its change would count as old."""
    company.clock.advance(seconds)

    def told():
        account = ChargeOver(stage.url, "sandbox-public-key", "sandbox-private-key")
        return account.now() - datetime.now(UTC)

    assert abs(told() - told()) < 0.4 * second


def test_a_real_skew_is_vague_until_answers_have_narrowed_it():
    clock, sent_at, off = ServerClock(), datetime(2026, 3, 1, 12, tzinfo=UTC), timedelta(seconds=7.3)

    seen = []
    for tenths in range(12):  # the header cuts to whole seconds, so its tick comes at some tenth
        moment = sent_at + tenths * second / 10
        heard(clock, (moment + off).replace(microsecond=0), moment, moment)
        seen.append(clock.is_vague)

    assert seen[0]
    assert not seen[-1]
    assert abs(skew(clock) - off) < second / 4


def test_a_clock_that_is_set_is_believed_from_its_next_answer_on():
    clock, at = ServerClock(), datetime(2026, 3, 1, 12, tzinfo=UTC)
    for hours in (0, 5, -5, 0):
        heard(clock, at + timedelta(hours=hours), at, at)

        assert abs(skew(clock) - timedelta(hours=hours)) <= 1.1 * second


@pytest.mark.parametrize("seconds", [-0.9, 0, 0.9])
def test_a_skew_below_the_resolution_of_the_header_is_none_and_costs_one_call(chargeover, company, stage, seconds):
    company.clock.advance(seconds)

    assert abs(chargeover.now() - datetime.now(UTC)) < second / 10
    assert len(stage.asked) == 1


@pytest.mark.parametrize("header", [None, "", "yesterday", "Sun, 32 Foo 2026 25:00:00 GMT"])
def test_an_answer_without_a_usable_date_leaves_local_time_and_asks_no_more(header):
    clock = ServerClock()
    clock.heard(header, datetime.now(UTC), datetime.now(UTC))

    assert clock.is_set
    assert abs(skew(clock)) < second


@pytest.mark.parametrize("days", [-2, 2])
def test_a_clock_that_is_too_far_off_stops_the_reading_and_says_what_each_says(stage, company, days):
    """A watermark that a clock puts into the future would lose every change until then."""
    company.clock.advance(days * 86400)
    account = client_of(stage, clock_tolerance=timedelta(seconds=900))

    with pytest.raises(FixAccess) as stopped:
        account.now()

    ours, text = datetime.now(UTC), str(stopped.value)
    assert f"ChargeOver at {stage.url}/api/v3 says that it is {ours + timedelta(days=days):%Y-%m-%d %H:}" in text
    assert f"this machine says {ours:%Y-%m-%d %H:}" in text
    assert "more than 900 s apart; set this machine's clock or, if it is right, raise " in text
    assert "CHARGEOVER_CLOCK_TOLERANCE_SECONDS" in text


def test_a_clock_that_is_set_too_far_while_we_read_stops_the_reading(stage, company):
    account = client_of(stage, clock_tolerance=timedelta(hours=1))
    account.get("customer", 1)
    company.clock.advance(86400)

    with pytest.raises(FixAccess, match="more than 3600 s apart"):
        account.get("customer", 1)


@pytest.mark.parametrize("seconds", [-800, -3, 0, 3, 800])
def test_a_clock_within_the_tolerance_is_believed(stage, company, seconds):
    company.clock.advance(seconds)
    account = client_of(stage, clock_tolerance=timedelta(seconds=900))

    assert abs(account.now() - datetime.now(UTC) - seconds * second) < 2 * second


def test_a_slow_answer_is_no_clock_that_is_off():
    clock, sent_at = ServerClock(), datetime(2026, 3, 1, 12, tzinfo=UTC)

    heard(clock, sent_at + second, sent_at, sent_at + 3600 * second)

    assert clock.least_skew == timedelta(0)


def test_an_answer_without_a_date_is_no_clock_that_is_off():
    clock = ServerClock()
    assert clock.least_skew == timedelta(0)
    clock.heard(None, datetime.now(UTC), datetime.now(UTC))
    assert clock.least_skew == timedelta(0)


def test_the_setting_says_how_far_off_is_too_far(monkeypatch, tmp_path, stage, company):
    monkeypatch.chdir(tmp_path)
    for name, value in {"URL": stage.url, "PUBLIC_KEY": "a", "PRIVATE_KEY": "b"}.items():
        monkeypatch.setenv(f"CHARGEOVER_{name}", value)
    company.clock.advance(1000)

    with pytest.raises(FixAccess, match="more than 120 s apart"):
        chargeover_of(read_settings(ChargeOverSettings)).now()
    monkeypatch.setenv("CHARGEOVER_CLOCK_TOLERANCE_SECONDS", "1100")
    with pytest.raises(FixAccess, match="HTTP 401"):
        chargeover_of(read_settings(ChargeOverSettings)).now()
