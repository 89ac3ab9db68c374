"""The log tells a record's story; watermarks say how far we are."""

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


def test_unchanged_rows_are_not_logged(ledger, outcome, at):
    ledger.record("run", [outcome("created", fingerprint="A")], at(1))
    ledger.record("quiet", [outcome("unchanged", 2, fingerprint="A")], at(3))

    assert [one.verdict for one in ledger.history("invoice", 7)] == ["created"]


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
    ledger.advance("run 1", "Invoice__c", at(10), "m1", at(11), 5)
    ledger.advance("slow", "Invoice__c", at(5), "m0", at(12), 4)
    assert ledger.watermarks() == {"Invoice__c": Watermark(at(10), "m1", "run 1", at(11), 5)}

    ledger.advance("run 2", "Invoice__c", at(20), "m2", at(21), 6)
    ledger.advance("run 2", "Account", at(1), "a", at(21), 0)
    assert ledger.watermarks()["Invoice__c"] == Watermark(at(20), "m2", "run 2", at(21), 6)
    assert ledger.watermarks()["Account"].run_id == "run 2"


def test_the_time_and_the_hint_of_a_watermark_move_on_each_by_itself(ledger, at):
    ledger.advance("run 1", "Invoice__c", at(10), "m1", at(11), 5)

    ledger.advance("more hints", "Invoice__c", at(9), "m0", at(12), 7)
    assert ledger.watermarks()["Invoice__c"] == Watermark(at(10), "m1", "run 1", at(11), 7)

    ledger.advance("later", "Invoice__c", at(20), "m2", at(21), 6)
    assert ledger.watermarks()["Invoice__c"] == Watermark(at(20), "m2", "later", at(21), 7)


def test_the_watermarks_of_sobjects_that_no_mapping_names_are_forgotten(ledger, at):
    ledger.advance("run", "Invoice__c", at(1), "m", at(1), 0)
    ledger.advance("run", "Account", at(1), "m", at(1), 0)

    ledger.forget_watermarks(but=["Account"])

    assert set(ledger.watermarks()) == {"Account"}
