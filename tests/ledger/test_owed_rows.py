"""Owed rows are kept until they land, and come up again when another try is worth it."""

import pytest

from pipelines.errors import EditFile
from pipelines.ledger import Choice, Verdict


def test_an_owed_row_remembers_why_and_since_when(ledger, outcome, at):
    refused = outcome("refused", fingerprint="A", code="STRING_TOO_LONG", field="Name", message="Name: too large: Zoë")

    ledger.record("run", [refused], at(1), mapping_fingerprints={"Invoice__c": "m1"})

    (owed,) = ledger.owed()
    assert (owed.sobject, owed.external_id, owed.object, owed.record_id) == ("Invoice__c", "7", "invoice", 7)
    assert (owed.verdict, owed.code, owed.field) == (Verdict.REFUSED, "STRING_TOO_LONG", "Name")
    assert (owed.message, owed.mapping_fingerprint, owed.fingerprint) == ("Name: too large: Zoë", "m1", "A")
    assert (owed.tries, owed.first_at, owed.last_at, owed.observed_at) == (1, at(1), at(1), at(0))
    assert ledger.owed_counts() == {"Invoice__c": {Verdict.REFUSED: 1}}


def test_landing_unchanged_and_deletion_clear_what_is_owed(ledger, outcome, at):
    for n, verdict in enumerate(["created", "updated", "unchanged", "deleted"]):
        ledger.record("run", [outcome("refused", 10 * n, fingerprint="B")], at(10 * n))
        assert len(ledger.owed()) == 1
        ledger.record("run", [outcome(verdict, 10 * n + 1, fingerprint="A")], at(10 * n + 1))
        assert ledger.owed() == []


def test_an_older_success_does_not_clear_a_newer_refusal(ledger, outcome, at):
    ledger.record("live", [outcome("refused", 5, fingerprint="B")], at(6))

    ledger.record("backfill", [outcome("created", 4, fingerprint="A")], at(7))

    assert [one.observed_at for one in ledger.owed()] == [at(5)]
    assert ledger.landed("Invoice__c", ["7"]) == {"7"}


def test_an_older_refusal_does_not_replace_a_newer_one_or_a_newer_success(ledger, outcome, at):
    ledger.record("live", [outcome("refused", 5, code="NEW"), outcome("updated", 5, external_id="8")], at(6))

    ledger.record("slow", [outcome("refused", 4, code="OLD"), outcome("refused", 4, external_id="8")], at(7))

    assert [(one.external_id, one.code, one.tries) for one in ledger.owed()] == [("7", "NEW", 1)]


def test_rows_held_for_no_known_parent_are_always_due_and_the_one_not_tried_for_longest_comes_first(
    ledger, outcome, at
):
    for record, minute in ((1, 3), (2, 1), (3, 2)):
        ledger.record("run", [outcome("held", record_id=record, external_id=str(record))], at(minute))

    assert ledger.due("invoice", ["Invoice__c"], at(4), 10) == [2, 3, 1]
    assert ledger.due("invoice", ["Invoice__c"], at(4), 2) == [2, 3]
    assert ledger.due("invoice", ["Invoice__c"], at(0), 1) == [2]
    assert ledger.due("customer", ["Invoice__c"], at(4), 10) == []


def test_rows_of_other_sobjects_than_those_asked_for_are_not_due(ledger, outcome, at):
    ledger.record("run", [outcome("held"), outcome("held", sobject="Line__c", record_id=8)], at(1))

    assert ledger.due("invoice", ["Line__c"], at(4), 10) == [8]


@pytest.mark.parametrize("kind", [{"verdict": "refused"}, {"verdict": "held", "awaits": ("Account", "44")}])
def test_refused_rows_and_rows_held_for_a_parent_wait_twice_as_long_after_each_try_and_a_day_at_most(
    ledger, outcome, at, kind
):
    minute, waits = 0.0, []
    for n in range(14):
        ledger.record(f"run {n}", [outcome(observed=minute, **kind)], at(minute))
        (owed,) = ledger.owed()
        wait = (owed.due_at - at(minute)).total_seconds() / 60
        assert ledger.due("invoice", ["Invoice__c"], at(minute + wait - 0.01), 10) == []
        assert ledger.due("invoice", ["Invoice__c"], at(minute + wait), 10) == [7]
        minute += wait
        waits.append(wait)

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440, 1440]
    assert owed.tries == 14
    assert owed.first_at == at(0)


def test_another_kind_of_verdict_starts_the_count_of_tries_again(ledger, outcome, at):
    for n in range(5):
        ledger.record(f"run {n}", [outcome("held", n)], at(n))
    ledger.record("run 5", [outcome("refused", 5)], at(5))

    (owed,) = ledger.owed()

    assert (owed.verdict, owed.tries, owed.first_at, owed.due_at) == (Verdict.REFUSED, 1, at(0), at(6))


def test_the_same_refusal_reported_twice_in_a_run_is_one_try(ledger, outcome, at):
    ledger.record("run", [outcome("refused", message="no")], at(1))
    ledger.record("run", [outcome("refused", message="no")], at(2))

    assert [(one.tries, one.last_at) for one in ledger.owed()] == [(1, at(1))]
    assert len(ledger.history("invoice", 7)) == 1


@pytest.mark.parametrize("verdict", ["held", "rejected", "refused"])
def test_owed_rows_of_whatever_verdict_come_up_when_their_mapping_was_edited(ledger, outcome, at, verdict):
    ledger.record("run", [outcome(verdict)], at(1), mapping_fingerprints={"Invoice__c": "m1"})

    assert ledger.edited({"Invoice__c": "m1"}) == set()
    assert ledger.edited({"Invoice__c": "m2", "Line__c": "m1"}) == {7}
    assert ledger.edited({"Line__c": "m2"}) == set()
    assert ledger.edited({}) == set()


def test_rejected_rows_are_never_due_by_time(ledger, outcome, at):
    ledger.record("run", [outcome("rejected")], at(1))

    assert ledger.due("invoice", ["Invoice__c"], at(10**6), 10) == []


def test_a_row_came_due_when_its_wait_ended_after_the_last_run_looked(ledger, outcome, at):
    ledger.record("run", [outcome("refused")], at(1))

    def came_due(since, until, sobject="Invoice__c"):
        return ledger.came_due([sobject], at(since), at(until))

    assert [came_due(1, 1.9), came_due(1, 2), came_due(2, 3)] == [False, True, False]
    assert not came_due(1, 2, "Line__c")


def test_several_owed_rows_of_a_record_are_one_record_to_read(ledger, outcome, at):
    lines = [outcome("held", sobject="Line__c", external_id=f"7-{n}") for n in range(3)]

    ledger.record("run", [*lines, outcome("held")], at(1))

    assert ledger.due("invoice", ["Line__c", "Invoice__c"], at(1), 10) == [7]
    assert ledger.owed_counts() == {"Line__c": {Verdict.HELD: 3}, "Invoice__c": {Verdict.HELD: 1}}


def test_two_records_that_claim_the_same_external_id_are_owed_apart(ledger, outcome, at):
    ledger.record("run", [outcome("refused", record_id=7), outcome("refused", record_id=8)], at(1))

    ledger.record("run", [outcome("created", 2, record_id=7)], at(2))

    assert [one.record_id for one in ledger.owed()] == [8]


def test_a_row_rejected_before_it_had_an_external_id_is_cleared_when_its_record_lands(ledger, outcome, at):
    ledger.record("run", [outcome("rejected", external_id="")], at(1))

    ledger.record("run", [outcome("created", 2, fingerprint="A")], at(3))

    assert ledger.owed() == []


def test_a_nameless_row_stays_owed_while_its_brothers_of_the_same_read_land(ledger, outcome, at):
    ledger.record("run", [outcome("rejected", external_id=""), outcome("created", external_id="7-1")], at(1))

    assert [one.external_id for one in ledger.owed()] == [""]


def test_what_is_owed_can_be_asked_by_object_record_verdict_and_number(ledger, outcome, at):
    ledger.record("run", [outcome("held"), outcome("refused", record_id=8, external_id="8")], at(1))
    ledger.record("run", [outcome("held", sobject="Account", object="customer", record_id=9)], at(2))

    assert [one.record_id for one in ledger.owed(sobject="Invoice__c")] == [7, 8]
    assert [one.record_id for one in ledger.owed(object="customer")] == [9]
    assert [one.record_id for one in ledger.owed(verdict=Verdict.HELD)] == [7, 9]
    assert [one.record_id for one in ledger.owed(object="invoice", record_id=8)] == [8]
    assert [one.record_id for one in ledger.owed(limit=1)] == [7]


def test_a_held_row_says_which_parent_it_waits_for(ledger, outcome, at):
    ledger.record("run", [outcome("held", awaits=("Account", "44")), outcome("held", external_id="8")], at(1))

    assert [one.awaits for one in ledger.owed()] == [("Account", "44"), None]


def test_rows_that_a_newer_whole_read_no_longer_shows_owe_nothing(ledger, outcome, at):
    lines = [outcome("refused", sobject="Line__c", external_id=f"7-{n}") for n in (1, 2)]
    ledger.record("run", lines, at(1))

    assert ledger.forget_unseen("Line__c", {7: {"7-1"}}, at(0), "run 2", at(3)) == 0
    assert ledger.forget_unseen("Line__c", {7: {"7-1"}}, at(2), "run 2", at(3)) == 1

    assert [one.external_id for one in ledger.owed()] == ["7-1"]
    last = ledger.history("invoice", 7)[-1]
    assert (last.external_id, last.verdict, last.run_id, last.at) == ("7-2", "forgotten", "run 2", at(3))
    assert last.message == "the record no longer has this row"


def test_a_person_chooses_owed_rows_by_record_sobject_verdict_and_code(ledger, outcome, at):
    ledger.record("run", [outcome("held", code="NO_PARENT"), outcome("refused", record_id=8, external_id="8")], at(1))
    ledger.record("run", [outcome("held", sobject="Account", object="customer", record_id=9)], at(2))

    def chosen(which="", **words):
        return [one.record_id for one in ledger.chosen(Choice.of(which, **words))]

    assert chosen() == [7, 8, 9]
    assert chosen("invoice:8") == [8]
    assert chosen("customer:8") == []
    assert chosen("Account") == chosen(sobject="Account") == [9]
    assert chosen(verdict="held") == [7, 9]
    assert chosen("Invoice__c", code="NO_PARENT") == [7]
    assert chosen(limit=2) == [7, 8]
    assert ledger.number_owed(Choice.of(limit=2)) == 3


@pytest.mark.parametrize(
    ("which", "words", "told"),
    [
        ("invoice:", {}, "'invoice:' names no record"),
        (":7", {}, "':7' names no record"),
        ("invoice:x", {}, "'invoice:x' names no record; write object and id, such as invoice:10041"),
        ("Account", {"sobject": "Contact"}, "'Account' and --sobject 'Contact' are two sObjects"),
        ("", {"verdict": "created"}, "'created' is no verdict of what is owed; write held, refused, rejected"),
    ],
)
def test_a_choice_that_cannot_be_meant_so_is_told(which, words, told):
    with pytest.raises(EditFile, match=told):
        Choice.of(which, **words)


def test_rows_that_a_person_wants_to_be_tried_are_due_and_hinted_at(ledger, outcome, at):
    refused = [outcome("refused", record_id=n, external_id=str(n)) for n in (7, 8)]
    ledger.record("run", [*refused, outcome("rejected", sobject="Line__c")], at(1))

    assert ledger.retry(Choice.of("invoice:7"), at(1.5)) == 2

    assert {one.key[:2]: one.due_at for one in ledger.owed()} == {
        ("Invoice__c", 7): at(1.5), ("Invoice__c", 8): at(2), ("Line__c", 7): None,
    }  # fmt: skip
    assert set(ledger.hints("invoice")) == {7}


def test_what_has_been_owed_for_long_is_counted_by_code(ledger, outcome, at):
    for n, code in enumerate(("A", "B", "B", "C")):
        ledger.record("run", [outcome("refused", record_id=n, external_id=str(n), code=code)], at(n))

    ages = ledger.owed_before("Invoice__c", at(3))

    assert [(each.code, each.rows, each.since) for each in ages] == [("B", 2, at(1)), ("A", 1, at(0))]
    assert ledger.owed_before("Line__c", at(3)) == []
