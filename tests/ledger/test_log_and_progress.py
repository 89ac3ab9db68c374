"""The log tells a record's story; watermarks and open sets say how far we are."""

from pipelines.ledger import Watermark


def test_the_history_of_a_record_is_complete_and_in_order(ledger, outcome, at):
    ledger.record("run 1", [outcome("held", 0, awaits=("Account", "44"))], at(1))
    ledger.record("run 2", [outcome("created", 2, fingerprint="A", salesforce_id="a01000000000001AAA")], at(3))
    ledger.record("run 3", [outcome("refused", 4, code="STRING_TOO_LONG", field="Name", message="no")], at(5))
    ledger.record("run 3", [outcome("created", 4, record_id=8, external_id="8")], at(5))

    story = ledger.history("invoice", 7)

    assert [(one.run_id, one.verdict, one.at) for one in story] == [
        ("run 1", "held", at(1)),
        ("run 2", "created", at(3)),
        ("run 3", "refused", at(5)),
    ]
    assert story[1].salesforce_id == "a01000000000001AAA"
    assert (story[2].code, story[2].field, story[2].message, story[2].observed_at) == (
        "STRING_TOO_LONG",
        "Name",
        "no",
        at(4),
    )


def test_lines_of_an_invoice_belong_to_its_history(ledger, outcome, at):
    ledger.record("run", [outcome("created"), outcome("created", sobject="Line__c", external_id="7-1")], at(1))

    assert [one.sobject for one in ledger.history("invoice", 7)] == ["Invoice__c", "Line__c"]


def test_unchanged_rows_are_logged_only_when_asked(ledger, outcome, at):
    ledger.record("run", [outcome("created", fingerprint="A")], at(1))
    ledger.record("quiet", [outcome("unchanged", 2, fingerprint="A")], at(3))
    assert len(ledger.history("invoice", 7)) == 1

    ledger.record("loud", [outcome("unchanged", 4, fingerprint="A")], at(5), log_unchanged=True)
    assert [one.verdict for one in ledger.history("invoice", 7)] == ["created", "unchanged"]


def test_the_log_of_a_run_is_its_last_lines_oldest_first(ledger, outcome, at):
    for n in range(5):
        ledger.record("run", [outcome("created", record_id=n, external_id=str(n))], at(n))
    ledger.record("other", [outcome("created", record_id=9, external_id="9")], at(9))

    assert [one.record_id for one in ledger.log("run", limit=3)] == [2, 3, 4]
    assert [one.record_id for one in ledger.log(limit=2)] == [4, 9]


def test_old_lines_can_be_forgotten(ledger, outcome, at):
    ledger.record("run", [outcome("created", 0, fingerprint="A")], at(1))
    ledger.record("run", [outcome("updated", 2, fingerprint="B")], at(3))

    assert ledger.forget_log(at(3)) == 1
    assert [one.verdict for one in ledger.history("invoice", 7)] == ["updated"]
    assert ledger.counts("Invoice__c") == 1


def test_a_watermark_moves_on_and_never_back(ledger, at):
    assert ledger.watermarks() == {}
    ledger.advance("run 1", "Invoice__c", at(10), "m1", at(11))
    ledger.advance("slow", "Invoice__c", at(5), "m0", at(12))
    assert ledger.watermarks() == {"Invoice__c": Watermark(at(10), "m1", "run 1", at(11))}

    ledger.advance("run 2", "Invoice__c", at(20), "m2", at(21))
    ledger.advance("run 2", "Account", at(1), "a", at(21))
    assert ledger.watermarks()["Invoice__c"].end_at == at(20)
    assert ledger.watermarks()["Account"].run_id == "run 2"


def test_the_open_set_is_as_last_seen_with_the_marks_of_its_content(ledger):
    ledger.remember_open("invoice", {1: "a", 2: "b", 3: "c"})
    ledger.remember_open("quote", {9: "q"})
    ledger.remember_open("invoice", {3: "c", 2: "changed", 4: "d"})

    assert ledger.open_marks("invoice") == {2: "changed", 3: "c", 4: "d"}
    assert ledger.open_marks("quote") == {9: "q"}
    assert ledger.open_marks("package") == {}


def test_a_hint_stays_until_its_object_is_settled_past_it(ledger, at):
    ledger.note("invoice", [1, 2, 2], "webhook", at(1))
    ledger.note("invoice", [3], "touched", at(3))
    ledger.note("customer", [1], "touched", at(1))

    assert ledger.noted("invoice") == {1, 2, 3}
    assert ledger.noted("invoice", after=at(1)) == {3}

    ledger.settle("invoice", at(2))
    assert ledger.noted("invoice") == {3}
    assert ledger.noted("customer") == {1}


def test_a_hint_counts_from_the_latest_time_in_whatever_order_it_was_noted(ledger, at):
    ledger.note("invoice", [1, 2], "webhook", at(5))
    ledger.note("invoice", [1], "touched by a slower process", at(1))
    ledger.note("invoice", [2], "webhook", at(9))

    ledger.settle("invoice", at(4))
    assert ledger.noted("invoice") == {1, 2}
    ledger.settle("invoice", at(8))
    assert ledger.noted("invoice") == {2}


def test_thousands_of_hints_are_noted_at_once(ledger, at):
    ledger.note("invoice", range(5000), "sweep", at(1))
    ledger.note("invoice", range(5000), "sweep", at(2))

    assert len(ledger.noted("invoice", after=at(1))) == 5000
