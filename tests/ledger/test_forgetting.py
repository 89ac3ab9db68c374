"""What is old goes from the ledger; what is owed, and what keeps rows from being doubled, never does."""

from datetime import timedelta

from pipelines.ledger import Outcome, Verdict
from pipelines.ledger.jobs import Job


def test_the_lines_of_a_record_that_owes_a_row_stay_however_old_they_are(ledger, at, outcome):
    ledger.record("run", [outcome("created"), outcome("created", external_id="8", record_id=8)], at(1))
    ledger.record("run", [outcome("refused", 2, sobject="Line__c", external_id="7-1", code="X")], at(2))

    assert ledger.old_lines(at(500)) == 1
    assert ledger.forget_log(at(500)) == 1

    assert [one.verdict for one in ledger.history("invoice", 7)] == ["created", "refused"]
    assert ledger.history("invoice", 8) == []
    assert len(ledger.owed()) == 1


def test_a_record_of_another_object_with_the_same_id_keeps_no_lines(ledger, at, outcome):
    ledger.record("run", [outcome("created", object="customer", sobject="Account")], at(1))
    ledger.record("run", [outcome("refused", 2)], at(2))

    assert ledger.forget_log(at(500)) == 1
    assert ledger.history("customer", 7) == []


def test_lines_go_in_small_pieces_so_that_writers_need_not_wait_long(ledger, at, outcome):
    ledger.record("run", [outcome("created", external_id=str(n), record_id=n) for n in range(5)], at(1))

    assert [ledger.forget_log(at(500), limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_fingerprints_watermarks_hints_and_flights_outlive_everything(ledger, at, outcome):
    ledger.record("run", [outcome("created", fingerprint="F")], at(1))
    ledger.advance("run", "Invoice__c", at(1), "m", at(1), 0)
    ledger.note("invoice", [7], "webhook", at(1))
    before = (ledger.known("Invoice__c", ["7"]), ledger.watermarks(), ledger.hints("invoice"))
    year = timedelta(days=365)

    ledger.forget_log(at(1) + year)
    ledger.forget_jobs(at(1) + year)
    ledger.forget_calls(at(1) + year)

    assert (ledger.known("Invoice__c", ["7"]), ledger.watermarks(), ledger.hints("invoice")) == before


def test_an_ingest_job_is_forgotten_once_salesforce_has_no_results_of_it(ledger, at):
    ledger.keep_job(Job("750A", "Invoice__c", "ChargeOver_Id__c", "run", at(0)))

    assert ledger.forget_jobs(at(0) + timedelta(days=6)) == 0
    assert ledger.forget_jobs(at(0) + timedelta(days=8)) == 1
    assert ledger.open_jobs() == []


def test_counts_of_calls_go_once_no_budget_looks_at_them(ledger, at):
    ledger.spend("org", "live", 3, at(0))

    assert ledger.forget_calls(at(0) + timedelta(hours=23)) == 0
    assert ledger.spent_by_minute("org", at(0)) == [(at(0), "live", 3)]
    assert ledger.forget_calls(at(0) + timedelta(hours=25)) == 1


def test_what_came_to_be_owed_is_counted_by_reason_and_only_while_it_is_owed(ledger, at, outcome):
    def owing(number: int, code: str, verdict: str = "refused") -> Outcome:
        return outcome(verdict, external_id=str(number), record_id=number, code=code)

    ledger.record("run", [owing(1, "OLD")], at(0))
    ledger.record("run", [owing(2, "X"), owing(3, "X"), owing(4, "Y")], at(60))
    ledger.record("run", [owing(4, "", Verdict.CREATED)], at(61))

    assert [(one.sobject, one.code, one.rows) for one in ledger.owed_since(at(30))] == [("Invoice__c", "X", 2)]


def test_the_oldest_hint_says_since_when_news_waits(ledger, at):
    assert ledger.news_since() is None
    ledger.note("invoice", [7], "webhook", at(5))
    ledger.note("customer", [1], "webhook", at(3))

    assert ledger.news_since() == at(3)
