"""Rows that wait for a parent are hinted at once it lands, and not for longer than they wait."""

import pytest

PARENT = {"sobject": "Account", "external_id": "44", "object": "customer", "record_id": 44}


@pytest.fixture
def held(ledger, outcome, at):
    """An invoice that waits for customer 44."""

    def hold(minute=1, run="run", **changes):
        ledger.record(run, [outcome("held", minute, **{"awaits": ("Account", "44"), **changes})], at(minute))

    return hold


@pytest.mark.parametrize("verdict", ["created", "updated"])
def test_a_row_that_waits_is_hinted_at_when_its_parent_lands(ledger, outcome, at, held, verdict):
    held()
    held(external_id="8", record_id=8, awaits=("Account", "45"))
    held(external_id="9", record_id=9, awaits=("Contact", "44"))
    assert ledger.hints("invoice") == {}

    ledger.record("run 2", [outcome(verdict, 2, **PARENT)], at(2))

    assert set(ledger.hints("invoice")) == {7}


@pytest.mark.parametrize("verdict", ["refused", "rejected", "held", "deleted", "unchanged"])
def test_a_row_that_waits_is_left_alone_while_its_parent_does_not_land(ledger, outcome, at, held, verdict):
    held()

    ledger.record("run 2", [outcome(verdict, 2, **PARENT)], at(2))

    assert ledger.hints("invoice") == {}


def test_the_hint_and_the_landing_are_one_transaction(ledger, outcome, at, held, monkeypatch):
    held()
    with monkeypatch.context() as dying:
        dying.setattr("pipelines.ledger.log.write", _dies)
        with pytest.raises(KeyboardInterrupt):
            ledger.record("run 2", [outcome("created", 2, **PARENT)], at(2))

    assert (ledger.hints("invoice"), ledger.landed("Account", ["44"])) == ({}, set())


def test_rows_that_land_together_with_their_parent_need_no_hint(ledger, outcome, at, held):
    held()

    ledger.record("run 2", [outcome("created", 2, **PARENT), outcome("created", 2)], at(2))

    assert ledger.hints("invoice") == {}


def test_the_hint_goes_when_the_row_lands_later_in_the_same_run(ledger, outcome, at, held):
    held()
    ledger.record("run 2", [outcome("created", 2, **PARENT)], at(2))

    ledger.record("run 2", [outcome("created", 2)], at(3))

    assert ledger.hints("invoice") == {}


def test_the_hint_stays_while_another_row_of_the_record_is_owed(ledger, outcome, at, held):
    held()
    held(sobject="Line__c", external_id="7-1")
    ledger.record("run 2", [outcome("created", 2, **PARENT)], at(2))

    ledger.record("run 2", [outcome("created", 2)], at(3))

    assert set(ledger.hints("invoice")) == {7}


def test_a_hint_of_another_signal_is_neither_taken_over_nor_taken_back(ledger, outcome, at, held):
    held()
    ledger.note("invoice", [7], "webhook", at(2))
    (before,) = ledger.hints("invoice").values()

    ledger.record("run 2", [outcome("created", 3, **PARENT)], at(3))
    (after,) = ledger.hints("invoice").values()
    ledger.record("run 2", [outcome("created", 3)], at(4))

    assert after > before
    assert ledger.hinted_by("invoice", "webhook") == {7}


def test_a_row_held_for_a_parent_that_another_run_has_landed_meanwhile_is_hinted_at_once(ledger, outcome, at, held):
    ledger.record("quick", [outcome("created", **PARENT)], at(0))

    held(1, "slow")
    assert set(ledger.hints("invoice")) == {7}

    ledger.settle({"invoice": ledger.last_hint()})
    held(2, "again")
    assert ledger.hints("invoice") == {}


def test_a_row_that_is_held_again_and_again_while_its_parent_stands_is_woken_a_few_times_only(
    ledger, outcome, at, held
):
    """Salesforce might not find a parent for ever that it takes updates of."""
    woken = []
    for n in range(1, 10):
        held(n, f"run {n}")
        ledger.record(f"run {n}", [outcome("updated", n, **PARENT)], at(n))
        woken.append(bool(ledger.hints("invoice")))
        ledger.settle({"invoice": ledger.last_hint()})

    assert woken == [True] * 5 + [False] * 4
    ledger.record("run 10", [outcome("created", 10, **PARENT)], at(10))
    assert set(ledger.hints("invoice")) == {7}


def test_who_waits_for_what_a_record_owes_is_known_by_object(ledger, outcome, at, held):
    ledger.record("run", [outcome("refused", **PARENT)], at(0))
    held()
    held(sobject="Transaction__c", external_id="3", object="transaction", record_id=3)
    held(external_id="8", record_id=8, awaits=("Account", "45"))

    assert ledger.awaiting(["Account"], [44]) == {"invoice": {7}, "transaction": {3}}
    assert ledger.awaiting(["Account"], [45]) == {}
    assert ledger.awaiting(["Contact"], [44]) == {}
    assert ledger.awaited() == {"Account": {"invoice", "transaction"}}


def _dies(*_, **__):
    raise KeyboardInterrupt
