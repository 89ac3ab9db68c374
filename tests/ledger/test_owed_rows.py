"""Owed rows are kept until they land, and come up again when another try is worth it."""

from pipelines.ledger import Verdict


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


def test_held_rows_are_always_due_and_the_one_not_tried_for_longest_comes_first(ledger, outcome, at):
    for record, minute in ((1, 3), (2, 1), (3, 2)):
        ledger.record("run", [outcome("held", record_id=record, external_id=str(record))], at(minute))

    assert ledger.due("invoice", at(4), 10) == [2, 3, 1]
    assert ledger.due("invoice", at(4), 2) == [2, 3]
    assert ledger.due("customer", at(4), 10) == []


def test_refused_rows_wait_twice_as_long_after_each_try_and_a_day_at_most(ledger, outcome, at):
    minute, waits = 0.0, []
    for n in range(14):
        ledger.record(f"run {n}", [outcome("refused", minute)], at(minute))
        (owed,) = ledger.owed()
        wait = (owed.due_at - at(minute)).total_seconds() / 60
        assert ledger.due("invoice", at(minute + wait - 0.01), 10) == []
        assert ledger.due("invoice", at(minute + wait), 10) == [7]
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


def test_rejected_rows_are_never_due_by_time_but_when_the_mapping_was_edited(ledger, outcome, at):
    ledger.record("run", [outcome("rejected")], at(1), mapping_fingerprints={"Invoice__c": "m1"})

    assert ledger.due("invoice", at(10**6), 10) == []
    assert ledger.rejected_under("Invoice__c", "m1") == []
    assert ledger.rejected_under("Invoice__c", "m2") == [7]
    assert ledger.rejected_under("Line__c", "m2") == []


def test_several_owed_rows_of_a_record_are_one_record_to_read(ledger, outcome, at):
    lines = [outcome("held", sobject="Line__c", external_id=f"7-{n}") for n in range(3)]

    ledger.record("run", [*lines, outcome("held")], at(1))

    assert ledger.due("invoice", at(1), 10) == [7]
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
