"""A watched list is remembered by marks, part by part, together with the hints that follow from it."""

import pytest


def test_marks_are_as_last_seen_until_their_records_leave_the_list(ledger, at):
    ledger.remember("invoice", {1: "a", 2: "b", 3: "c"}, [], [], "watch", at(1))
    ledger.remember("quote", {1: "a", 4: "d"}, [], [], "watch", at(1))
    ledger.remember("invoice", {2: "changed", 3: "c", 4: "d"}, [1], [], "watch", at(2))

    assert ledger.marks("invoice") == {2: "changed", 3: "c", 4: "d"}
    assert ledger.marks("quote") == {1: "a", 4: "d"}
    assert ledger.marks("package") == {}


def test_marks_are_asked_by_ranges_of_ids_open_below_and_closed_above(ledger, at):
    ledger.remember("invoice", {n: str(n) for n in range(1, 7)}, [], [], "watch", at(1))

    assert set(ledger.marks("invoice", above=2, upto=4)) == {3, 4}
    assert set(ledger.marks("invoice", upto=2)) == {1, 2}
    assert set(ledger.marks("invoice", above=4)) == {5, 6}


def test_marks_and_hints_come_together(ledger, at):
    ledger.remember("invoice", {1: "a"}, [], [1, 8], "watch", at(1))

    assert ledger.marks("invoice") == {1: "a"}
    assert ledger.hints("invoice") == {1: 1, 8: 2}


def test_a_failure_between_them_leaves_neither_marks_nor_hints(ledger, at):
    ledger.remember("invoice", {1: "a", 2: "b"}, [], [], "watch", at(1))

    with pytest.raises(Exception, match="has no time zone"):
        ledger.remember("invoice", {1: "changed"}, [2], [1, 2], "watch", at(2).replace(tzinfo=None))

    assert ledger.marks("invoice") == {1: "a", 2: "b"}
    assert (ledger.hints("invoice"), ledger.last_hint()) == ({}, 0)


def test_a_list_of_thousands_is_remembered_and_left_at_once(ledger, at):
    ledger.remember("customer", dict.fromkeys(range(1, 5001), "a"), [], range(1, 5001), "watch", at(1))
    ledger.remember("customer", {}, range(1, 5000), [], "watch", at(2))

    assert ledger.marks("customer") == {5000: "a"}
    assert len(ledger.hints("customer")) == 5000


def test_a_mark_that_one_of_the_databases_would_not_take_is_an_error_on_both(ledger, at):
    ledger.remember("invoice", {1: "x" * 80}, [], [], "watch", at(1))

    with pytest.raises(AssertionError, match="at most 80"):
        ledger.remember("invoice", {1: "x" * 81}, [], [], "watch", at(1))
