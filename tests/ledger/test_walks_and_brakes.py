"""A walk goes on where it stopped; a sweep knows which records there should be; a brake holds until a person agrees."""

import pytest
from sqlalchemy import create_engine

from pipelines.ledger import Walk, open_ledger, records


def test_a_walk_is_kept_with_its_position_until_it_has_ended(ledger, at):
    under_way = Walk(position=500, started_at=at(0), ended_at=None, seen=480, missing=2)
    assert ledger.walk("invoice", "sweep") is None

    ledger.keep_walk("invoice", "sweep", under_way)
    ledger.keep_walk("invoice", "watch", Walk(0, at(1), None, 0, 0))
    assert ledger.walk("invoice", "sweep") == under_way

    ended = Walk(position=0, started_at=at(0), ended_at=at(9), seen=900, missing=3)
    ledger.keep_walk("invoice", "sweep", ended)
    assert ledger.walks() == {("invoice", "sweep"): ended, ("invoice", "watch"): Walk(0, at(1), None, 0, 0)}


@pytest.fixture
def known(ledger, outcome, at):
    """Invoices 1 (landed), 2 (only its line), 3 (owed), 4 (gone), 5 (gone, and owed), and other records."""
    ledger.record(
        "run",
        [
            outcome("created", record_id=1, external_id="1"),
            outcome("created", sobject="Line__c", record_id=1, external_id="1-1"),
            outcome("created", sobject="Line__c", record_id=2, external_id="2-1"),
            outcome("rejected", record_id=3, external_id="3"),
            outcome("held", sobject="Line__c", record_id=3, external_id="3-1"),
            *(outcome("created", record_id=n, external_id=str(n)) for n in (4, 5)),
            *(outcome("deleted", 1, record_id=n, external_id=str(n)) for n in (4, 5)),
            outcome("refused", 2, record_id=5, external_id="5"),
            outcome("created", object="quote", record_id=6, external_id="6"),
            outcome("refused", object="quote", record_id=7, external_id="7"),
            outcome("created", sobject="Other__c", record_id=8, external_id="8"),
            outcome("refused", sobject="Other__c", record_id=9, external_id="9"),
        ],
        at(3),
    )
    return ledger


def test_known_records_are_those_with_a_landed_or_an_owed_row(known):
    assert known.record_ids("invoice", ["Invoice__c", "Line__c"]) == {1, 2, 3, 5}
    assert known.record_ids("invoice", ["Invoice__c"]) == {1, 3, 5}
    assert known.record_ids("invoice", ["Line__c"]) == {1, 2, 3}
    assert known.record_ids("quote", ["Invoice__c"]) == {6, 7}
    assert known.record_ids("invoice", []) == set()


def test_known_records_are_asked_by_ranges_of_ids_open_below_and_closed_above(known):
    both = ["Invoice__c", "Line__c"]

    assert known.record_ids("invoice", both, above=1, upto=3) == {2, 3}
    assert known.record_ids("invoice", both, above=3) == {5}
    assert known.record_ids("invoice", both, upto=1) == {1}


def test_a_range_of_known_records_is_found_by_the_indexes(tmp_path):
    url = f"sqlite:///{tmp_path}/ledger.db"
    open_ledger(url).close()
    engine = create_engine(url)
    question = records._known("invoice", ["Invoice__c", "Line__c"], 1000, 1500)

    with engine.connect() as connection:
        sql = str(question.compile(engine, compile_kwargs={"literal_binds": True}))
        plan = [step[-1] for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
    engine.dispose()

    steps = [step for step in plan if "ledger_" in step]
    assert len(steps) == 2
    assert all("record_id>? AND record_id<?" in step for step in steps)
    assert "COVERING INDEX ledger_rows_by_record" in steps[0]


def test_a_record_with_many_rows_counts_once(known):
    assert known.count_records("invoice", ["Invoice__c", "Line__c"]) == 4
    assert known.count_records("invoice", ["Line__c"]) == 3
    assert known.count_records("quote", ["Invoice__c"]) == 2
    assert known.count_records("customer", ["Invoice__c"]) == 0


def test_a_brake_stays_on_until_it_is_released(ledger, at):
    ledger.brake("invoice", "60 of 100 are gone", at(1))
    ledger.brake("invoice", "70 of 100 are gone", at(2))
    ledger.brake("customer", "all are gone", at(2))
    assert ledger.brakes() == {"invoice": "70 of 100 are gone", "customer": "all are gone"}

    ledger.release("invoice")
    ledger.release("quote")
    assert ledger.brakes() == {"customer": "all are gone"}
