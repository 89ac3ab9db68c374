"""A ledger of an earlier version opens with nothing lost."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, insert, make_url

from pipelines.ledger import Known, Verdict, Watermark, open_ledger
from pipelines.ledger.migrate import FOLDER


@pytest.fixture
def first_version(url, at, tmp_path):
    """The address of a ledger with the tables of migration 0001, and rows in all of them."""
    (tmp_path / "home").mkdir()
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    # what SQLite kept had no zone
    moment = (lambda minutes: at(minutes).replace(tzinfo=None)) if make_url(url).get_backend_name() == "sqlite" else at
    tables = MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        for name, rows in _rows(moment).items():
            connection.execute(insert(tables.tables[name]), rows)
    engine.dispose()
    return url


def _rows(at):
    state = {"external_id": "7", "object": "invoice", "record_id": 7, "observed_at": at(0), "salesforce_id": None}
    reason = {"code": "X", "field": "", "message": "", "verdict": "refused", "run_id": "run"}
    owed = {"fingerprint": "", "awaits_sobject": None, "awaits_external_id": None, "tries": 3, "first_at": at(0),
            "last_at": at(2), "due_at": at(6), "mapping_fingerprint": "m"}  # fmt: skip
    hints = [("invoice", 9, "webhook", 5), ("customer", 7, "touched", 4), ("invoice", 7, "webhook", 1)]
    watermark = {"sobject": "Invoice__c", "mapping_fingerprint": "m", "run_id": "run"}
    return {
        "ledger_rows": [{**state, "sobject": "Invoice__c", "fingerprint": "A", "gone": False}],
        "ledger_owed": [{**state, **reason, **owed, "sobject": "Line__c"}],
        "ledger_log": [{**state, **reason, "sobject": "Line__c", "at": at(2)}],
        "ledger_watermarks": [{**watermark, "end_at": at(3), "committed_at": at(4)}],
        "ledger_open_set": [{"object": "invoice", "record_id": n, "mark": f"mark {n}"} for n in (7, 8)],
        "ledger_accounts": [{"kind": "Salesforce org", "account": "00D"}],
        "ledger_inbox": [
            {"object": name, "record_id": record_id, "signal": signal, "noted_at": at(minute)}
            for name, record_id, signal, minute in hints
        ],
    }


def test_rows_owed_rows_log_and_marks_are_as_they_were(first_version, at):
    with open_ledger(first_version) as ledger:
        assert ledger.known("Invoice__c", ["7"]) == {"7": Known("invoice", 7, "A", at(0), None)}
        (owed,) = ledger.owed()
        assert (owed.sobject, owed.verdict, owed.tries, owed.due_at) == ("Line__c", Verdict.REFUSED, 3, at(6))
        assert [one.code for one in ledger.history("invoice", 7)] == ["X"]
        assert ledger.marks("invoice") == {7: "mark 7", 8: "mark 8"}
        ledger.claim("Salesforce org", "00D")


def test_hints_are_numbered_as_they_came_and_no_watermark_has_followed_them(first_version, at):
    with open_ledger(first_version) as ledger:
        assert ledger.hints("customer") == {7: 2}
        assert ledger.hints("invoice") == {7: 1, 9: 3}
        assert ledger.last_hint() == 3
        assert ledger.watermarks() == {"Invoice__c": Watermark(at(3), "m", "run", at(4), 0)}

        ledger.note("invoice", [7], "webhook", at(6))
        assert ledger.hints("invoice") == {9: 3, 7: 4}
