"""A draft is a copy of the ledger, which hears nothing of what is recorded in it; and what mappings said is kept."""

from pipelines.ledger.draft import draft_of


def test_a_draft_knows_what_the_ledger_knows_and_keeps_what_happens_in_it_to_itself(ledger, tmp_path, outcome, at):
    (tmp_path / "draft").mkdir()
    ledger.record("run", [outcome("created", fingerprint="A")], at(1))
    ledger.note("invoice", [9], "webhook", at(1))
    ledger.advance("run", "Invoice__c", at(2), "invoice f", at(2), 1)

    with draft_of(ledger, tmp_path / "draft") as draft:
        same = (draft.known("Invoice__c", ["7"]), draft.hints("invoice"), draft.watermarks(), draft.last_hint())
        late = outcome("held", observed=3, code="NO_PARENT")
        draft.record("plan", [late], at(4))
        draft.note("invoice", [10], "webhook", at(4))
        outcomes, owed = draft.outcomes, draft.owed()

    assert same == (ledger.known("Invoice__c", ["7"]), ledger.hints("invoice"), ledger.watermarks(), ledger.last_hint())
    assert (outcomes, len(owed), ledger.owed(), [*ledger.hints("invoice")]) == ([late], 1, [], [9])


def test_rows_are_counted_by_the_mapping_that_they_were_made_under(ledger, outcome, at):
    digest = "d" * 24
    rows = [outcome("created", external_id=str(number), record_id=number, fingerprint="A", origin=origin)
            for number, origin in enumerate([f"{digest} new", f"{digest} old", f"{digest} old", ""], 1)]  # fmt: skip
    ledger.record("run", rows, at(1))
    ledger.keep_parts({("Invoice__c", "old"): {"Status__c": "1"}})
    ledger.keep_parts({("Invoice__c", "old"): {"Status__c": "2"}, ("Invoice__c", "new"): {"Status__c": "3"}})

    assert ledger.made_under("Invoice__c") == {"new": 1, "old": 2}
    assert ledger.mapping_parts("Invoice__c") == {"old": {"Status__c": "1"}, "new": {"Status__c": "3"}}
