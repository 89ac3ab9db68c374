"""Hints wait in the inbox under numbers that never go back."""

from pipelines.ledger import open_ledger


def test_a_hint_stays_until_its_object_is_settled_past_its_number(ledger, at):
    ledger.note("invoice", [1, 2, 2], "webhook", at(1))
    ledger.note("customer", [1], "touched", at(1))
    ledger.note("invoice", [3], "touched", at(1))

    assert ledger.hints("invoice") == {1: 1, 2: 2, 3: 4}
    assert ledger.hints("invoice", after=2) == {3: 4}
    assert ledger.last_hint() == 4

    ledger.settle({"invoice": 3})
    assert ledger.hints("invoice") == {3: 4}
    assert ledger.hints("customer") == {1: 3}


def test_a_record_hinted_at_again_survives_a_settle_up_to_its_earlier_number(ledger, at):
    ledger.note("invoice", [1, 2], "webhook", at(5))
    ledger.note("invoice", [1], "touched", at(1))

    ledger.settle({"invoice": 2})

    assert ledger.hints("invoice") == {1: 3}


def test_numbers_go_on_after_everything_was_settled_and_the_ledger_was_opened_again(ledger, at, url):
    ledger.note("invoice", [1, 2], "webhook", at(1))
    ledger.settle({"invoice": ledger.last_hint()})
    assert ledger.hints("invoice") == {}
    assert ledger.last_hint() == 2

    with open_ledger(url) as again:
        again.note("invoice", [1], "webhook", at(0))
        assert again.hints("invoice", after=2) == {1: 3}


def test_a_new_ledger_has_given_no_number_and_noting_nothing_gives_none(ledger, at):
    assert ledger.last_hint() == 0

    ledger.note("invoice", [], "webhook", at(1))

    assert (ledger.last_hint(), ledger.hints("invoice")) == (0, {})


def test_the_hints_of_objects_that_no_mapping_names_are_forgotten(ledger, at):
    for name in ("invoice", "customer", "quote"):
        ledger.note(name, [1], "webhook", at(1))

    ledger.forget_hints(but=["invoice", "item"])
    assert [bool(ledger.hints(name)) for name in ("invoice", "customer", "quote")] == [True, False, False]

    ledger.forget_hints(but=[])
    assert ledger.hints("invoice") == {}


def test_thousands_of_hints_are_noted_at_once(ledger, at):
    ledger.note("invoice", range(5000), "sweep", at(1))
    ledger.note("invoice", range(5000), "sweep", at(2))

    assert sorted(ledger.hints("invoice", after=5000).values()) == list(range(5001, 10001))
