"""The row state holds what Salesforce accepted last, and nothing older replaces it."""

import itertools

import pytest

from pipelines.ledger.flights import Passenger


def test_a_row_that_never_landed_is_not_known(ledger):
    assert ledger.known("Invoice__c", ["7"]) == {}
    assert ledger.landed("Invoice__c", ["7"]) == set()


def test_what_salesforce_accepted_is_known_with_its_time_and_id(ledger, outcome, at):
    ledger.record("run", [outcome("created", fingerprint="A", salesforce_id="a01000000000001AAA")], at(1))

    (known,) = ledger.known("Invoice__c", ["7", "8"]).values()

    assert (known.object, known.record_id, known.fingerprint) == ("invoice", 7, "A")
    assert (known.observed_at, known.salesforce_id, known.gone) == (at(0), "a01000000000001AAA", False)
    assert ledger.landed("Invoice__c", ["7", "8"]) == {"7"}
    assert ledger.landed("Account", ["7"]) == set()


def test_an_update_without_an_id_keeps_the_id_that_was_known(ledger, outcome, at):
    ledger.record("run", [outcome("created", fingerprint="A", salesforce_id="a01000000000001AAA")], at(1))
    ledger.record("run", [outcome("updated", 2, fingerprint="B")], at(3))

    known = ledger.known("Invoice__c", ["7"])["7"]

    assert (known.fingerprint, known.salesforce_id) == ("B", "a01000000000001AAA")


def test_an_older_observation_never_replaces_a_newer_one(ledger, outcome, at):
    ledger.record("live", [outcome("updated", 5, fingerprint="new")], at(6))

    overtaken = ledger.record("backfill", [outcome("updated", 4, fingerprint="old")], at(7))

    known = ledger.known("Invoice__c", ["7"])["7"]
    assert known.observed_at == at(5)
    assert known.fingerprint != "old"
    assert [one.fingerprint for one in overtaken] == ["old"]


def test_a_write_that_came_too_late_makes_the_row_uncertain_and_owed_until_it_is_sent_again(ledger, outcome, at):
    ledger.record("live", [outcome("updated", 5, fingerprint="new")], at(6))
    ledger.record("backfill", [outcome("updated", 4, fingerprint="old")], at(7))

    assert ledger.known("Invoice__c", ["7"])["7"].fingerprint == ""
    assert ledger.due("invoice", ["Invoice__c"], at(7), 10) == [7]

    ledger.record("live", [outcome("updated", 8, fingerprint="new")], at(9))
    assert ledger.known("Invoice__c", ["7"])["7"].fingerprint == "new"
    assert ledger.owed() == []


def test_an_older_write_of_the_same_content_does_no_harm(ledger, outcome, at):
    ledger.record("live", [outcome("updated", 5, fingerprint="same")], at(6))

    assert ledger.record("backfill", [outcome("updated", 4, fingerprint="same")], at(7)) == []
    assert ledger.known("Invoice__c", ["7"])["7"].fingerprint == "same"
    assert ledger.owed() == []


def test_the_same_outcome_twice_is_the_same_as_once(ledger, outcome, at):
    created = outcome("created", fingerprint="A", salesforce_id="a01000000000001AAA")
    ledger.record("run", [created], at(1))
    before = ledger.known("Invoice__c", ["7"]), ledger.history("invoice", 7)

    assert ledger.record("run", [created, created], at(2)) == []

    assert (ledger.known("Invoice__c", ["7"]), ledger.history("invoice", 7)) == before


def test_unchanged_moves_the_time_on_so_that_an_older_write_in_flight_counts_as_older(ledger, outcome, at):
    ledger.record("run", [outcome("created", 0, fingerprint="A")], at(1))
    ledger.record("run", [outcome("unchanged", 5, fingerprint="A")], at(6))

    assert ledger.known("Invoice__c", ["7"])["7"].observed_at == at(5)
    assert len(ledger.record("slow", [outcome("updated", 3, fingerprint="B")], at(7))) == 1


def test_unchanged_against_a_state_that_was_replaced_meanwhile_is_read_again(ledger, outcome, at):
    ledger.record("run", [outcome("created", 0, fingerprint="A")], at(1))
    ledger.record("other", [outcome("updated", 2, fingerprint="B")], at(3))

    overtaken = ledger.record("run", [outcome("unchanged", 4, fingerprint="A")], at(5))

    assert len(overtaken) == 1
    assert ledger.due("invoice", ["Invoice__c"], at(5), 10) == [7]


def test_a_row_whose_parent_has_gone_is_no_longer_certain(ledger, outcome, at):
    ledger.record("run", [outcome("created", 0, fingerprint="A")], at(1))

    ledger.record("run", [outcome("held", 2, fingerprint="A", code="NO_PARENT", awaits=("Account", "1"))], at(3))

    assert ledger.known("Invoice__c", ["7"])["7"].fingerprint == ""
    assert ledger.landed("Invoice__c", ["7"]) == {"7"}


def test_rows_about_to_be_sent_are_no_longer_certain(ledger, outcome, at):
    ledger.record("run", [outcome("created", 0, fingerprint="A")], at(1))

    rows = [Passenger("Invoice__c", each, "invoice", 7) for each in ("7", "never seen")]
    ledger.depart("run", rows, at(2))

    assert ledger.known("Invoice__c", ["7", "never seen"])["7"].fingerprint == ""


def test_a_row_missing_in_salesforce_is_uncertain_and_hinted_at(ledger, outcome, at):
    ledger.record("run", [outcome("created", 0, fingerprint="A")], at(1))

    ledger.suspect("Invoice__c", ["7", "unknown"], "missing in Salesforce", at(9))

    assert ledger.known("Invoice__c", ["7"])["7"].fingerprint == ""
    assert ledger.hints("invoice") == {7: 1}


def test_the_family_of_a_record_does_not_take_in_another_object_of_the_same_number(ledger, outcome, at):
    ledger.record("run", [outcome("created", 0, object="quote")], at(1))

    assert ledger.family("Invoice__c", "invoice", [7]) == {}


@pytest.mark.parametrize("verdict", ["rejected", "refused"])
def test_what_did_not_land_leaves_the_accepted_content_as_it_is(ledger, outcome, at, verdict):
    ledger.record("run", [outcome("created", 0, fingerprint="A")], at(1))
    before = ledger.known("Invoice__c", ["7"])

    ledger.record("run", [outcome(verdict, 2, fingerprint="B", code="X", message="no")], at(3))

    assert ledger.known("Invoice__c", ["7"]) == before


def test_back_to_the_accepted_content_after_a_refusal_is_unchanged_and_owes_nothing(ledger, outcome, at):
    ledger.record("run", [outcome("created", 0, fingerprint="A")], at(1))
    ledger.record("run", [outcome("refused", 2, fingerprint="B", code="STRING_TOO_LONG")], at(3))

    ledger.record("run", [outcome("unchanged", 4, fingerprint="A")], at(5))

    assert ledger.owed() == []
    assert ledger.known("Invoice__c", ["7"])["7"].fingerprint == "A"


def test_a_deleted_row_is_gone_until_it_is_created_again(ledger, outcome, at):
    ledger.record("run", [outcome("created", 0, fingerprint="A")], at(1))
    ledger.record("run", [outcome("deleted", 2)], at(3))

    gone = ledger.known("Invoice__c", ["7"])["7"]
    assert (gone.gone, gone.fingerprint) == (True, "")
    assert (ledger.landed("Invoice__c", ["7"]), ledger.counts("Invoice__c")) == (set(), 0)
    assert ledger.family("Invoice__c", "invoice", [7]) == {}

    ledger.record("run", [outcome("created", 4, fingerprint="A")], at(5))
    assert (ledger.landed("Invoice__c", ["7"]), ledger.counts("Invoice__c")) == ({"7"}, 1)


def test_a_family_is_all_landed_rows_of_a_top_level_record(ledger, outcome, at):
    lines = [
        outcome("created", sobject="Line__c", external_id=f"{record}-{n}", record_id=record, fingerprint="A")
        for record, n in itertools.product([7, 8], [1, 2])
    ]
    ledger.record("run", [*lines, outcome("created", fingerprint="A")], at(1))
    ledger.record("run", [outcome("deleted", 2, sobject="Line__c", external_id="7-2")], at(3))

    assert set(ledger.family("Line__c", "invoice", [7])) == {"7-1"}
    assert set(ledger.family("Line__c", "invoice", [7, 8, 9])) == {"7-1", "8-1", "8-2"}


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_in_whatever_order_outcomes_arrive_the_newest_time_stays(ledger, outcome, at, order):
    for n in order:
        ledger.record(f"run {n}", [outcome("updated", n, fingerprint=f"content {n}")], at(10 + n))

    known = ledger.known("Invoice__c", ["7"])["7"]
    in_order = order[-1] == 3
    assert known.observed_at == at(3)
    assert known.fingerprint == ("content 3" if in_order else "")
    assert bool(ledger.owed()) is not in_order


def test_outcomes_of_one_call_follow_each_other(ledger, outcome, at):
    held = outcome("held", awaits=("Account", "44"))

    ledger.record("run", [held, outcome("created", fingerprint="A")], at(1))

    assert ledger.owed() == []
    assert [entry.verdict for entry in ledger.history("invoice", 7)] == ["held", "created"]


def test_a_time_without_a_zone_is_an_error_and_records_nothing(ledger, outcome, at):
    naive = outcome("created", observed_at=at(0).replace(tzinfo=None), external_id="8")

    with pytest.raises(Exception, match="has no time zone"):
        ledger.record("run", [outcome("created"), naive], at(1))

    assert ledger.known("Invoice__c", ["7"]) == {}


def test_texts_that_no_database_takes_are_kept_without_what_it_does_not_take(ledger, outcome, at):
    ledger.record("run", [outcome("rejected", message="a\0b\ud800c 😀", external_id="x" * 300)], at(1))

    (owed,) = ledger.owed()

    assert owed.message == "ab?c 😀"
    assert owed.external_id == "x" * 255
