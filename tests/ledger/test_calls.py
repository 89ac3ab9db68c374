"""All processes share one count of ChargeOver calls, one pause, and what an account was found to support."""

from datetime import timedelta

HERE, THERE = "https://a.chargeover.com", "https://b.chargeover.com"


def test_calls_of_a_minute_add_up_over_signals(ledger, at):
    assert ledger.spend(HERE, "cursor", 1, at(0)) == 1
    assert ledger.spend(HERE, "sweep", 5, at(0.5)) == 6
    assert ledger.spend(HERE, "cursor", 2, at(0.99)) == 8
    assert ledger.spend(THERE, "cursor", 1, at(0)) == 1
    assert ledger.spend(HERE, "cursor", 1, at(1)) == 1

    assert ledger.spent(HERE, since=at(0)) == {"cursor": 4, "sweep": 5}


def test_what_was_spent_counts_from_the_minute_that_was_asked_for(ledger, at):
    for minute in range(4):
        ledger.spend(HERE, "watch", 10 + minute, at(minute))

    assert ledger.spent(HERE, since=at(2.7)) == {"watch": 12 + 13}
    assert ledger.spent(HERE, since=at(4)) == {}


def test_minutes_older_than_a_day_are_removed_when_a_new_one_is_begun(ledger, at):
    ledger.spend(HERE, "sweep", 1, at(0))
    ledger.spend(THERE, "sweep", 1, at(0))
    ledger.spend(HERE, "sweep", 2, at(24 * 60))
    assert ledger.spent(HERE, since=at(0)) == {"sweep": 3}

    ledger.spend(HERE, "sweep", 4, at(24 * 60 + 1))
    assert ledger.spent(HERE, since=at(0)) == {"sweep": 6}
    assert ledger.spent(THERE, since=at(0)) == {}


def test_the_later_of_two_pauses_wins(ledger, at):
    assert ledger.paused_until(HERE) is None
    ledger.pause(HERE, at(5))
    ledger.pause(HERE, at(3))
    assert ledger.paused_until(HERE) == at(5)

    ledger.pause(HERE, at(7) + timedelta(milliseconds=1))
    assert ledger.paused_until(HERE) == at(7) + timedelta(milliseconds=1)
    assert ledger.paused_until(THERE) is None


def test_what_an_account_supports_is_learned_bit_by_bit(ledger, at):
    assert ledger.capabilities(HERE) == {}
    ledger.learn(HERE, {"page_limit": "500", "filter user.mod_datetime": "yes"}, at(1))
    ledger.learn(HERE, {"filter user.mod_datetime": "no"}, at(2))
    ledger.learn(HERE, {}, at(3))

    assert ledger.capabilities(HERE) == {"page_limit": "500", "filter user.mod_datetime": "no"}
    assert ledger.capabilities(THERE) == {}


def test_the_oldest_call_is_told_by_its_minute(ledger, at):
    assert ledger.oldest_call(HERE, since=at(0)) is None
    ledger.spend(THERE, "live", 1, at(1))
    ledger.spend(HERE, "live", 1, at(2.5))
    ledger.spend(HERE, "backfill", 1, at(4))

    assert ledger.oldest_call(HERE, since=at(0)) == at(2)
    assert ledger.oldest_call(HERE, since=at(2.9)) == at(2)
    assert ledger.oldest_call(HERE, since=at(3)) == at(4)
