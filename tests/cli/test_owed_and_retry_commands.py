"""co2sf owed and co2sf retry: what has not landed and what to do, and another try of it now."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests

from pipelines.ledger import Outcome, Verdict, open_ledger
from pipelines.settings import ProjectSettings, read_settings


@pytest.fixture
def customers():
    return 0


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A ledger of its own, without any vendor."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))


def owe(*outcomes):
    """Rows that were tried just now: sObject, record, verdict, and more."""
    now = datetime.now(UTC)
    made = [Outcome(sobject, record.split(":")[1], record.split(":")[0], int(record.split(":")[1]), Verdict(verdict),
                    now, **more) for sobject, record, verdict, more in outcomes]  # fmt: skip
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        ledger.record("run", made, now)


three = (
    ("Invoice__c", "invoice:7", "held", {"code": "NO_PARENT", "awaits": ("Account", "44"), "message": "Waits."}),
    ("Account", "customer:44", "rejected", {"code": "REJECTED", "field": "Name", "message": "Name: too long"}),
    ("Contact", "user:3", "refused", {"code": "INVALID_EMAIL_ADDRESS", "field": "Email", "message": "Email: 'x@'"}),
)


def test_owed_says_what_why_since_when_and_when_it_is_tried_again(co2sf, home):
    owe(*three)

    told = co2sf("owed")

    assert (told.code, told.err) == (1, "")
    table = told.out.partition("\n\n")[0]
    assert "record" in table.splitlines()[0]
    for words in (
        ("invoice:7", "Invoice__c 7", "held", "NO_PARENT: Waits.", "when Account 44 lands"),
        ("customer:44", "Account 44", "rejected", "REJECTED: Name: too long", "when the record or its mapping changes"),
        ("user:3", "Contact 3", "refused", "INVALID_EMAIL_ADDRESS: Email: 'x@'", " in "),
    ):
        (line,) = (each for each in table.splitlines() if each.startswith(words[0]))
        assert all(word in line for word in words), line


def test_owed_says_below_what_each_code_means_and_what_to_do_once(co2sf, home):
    owe(*three, ("Contact", "user:4", "refused", {"code": "INVALID_EMAIL_ADDRESS", "message": "another"}))

    below = co2sf("owed").out.partition("\n\n")[2].replace("\n  ", " ").splitlines()

    assert [each.partition(":")[0] for each in below] == ["REJECTED", "INVALID_EMAIL_ADDRESS", "NO_PARENT"]
    assert below[1] == (
        "INVALID_EMAIL_ADDRESS: Salesforce does not take this for an e-mail address. "
        "What to do: correct the address in ChargeOver."
    )
    assert "correct the record in ChargeOver, or the mapping" in below[0]


def test_one_code_with_two_meanings_is_told_as_two(co2sf, home):
    lookup = "Foreign key external ID: 44 not found for field"
    owe(
        ("Contact", "user:3", "held", {"code": "INVALID_FIELD", "message": lookup}),
        ("Contact", "user:4", "refused", {"code": "INVALID_FIELD", "message": "more than one record found"}),
    )

    below = co2sf("owed").out.partition("\n\n")[2]

    assert below.count("INVALID_FIELD: ") == 2


@pytest.mark.parametrize(
    ("words", "records"),
    [
        (("invoice:7",), ["invoice:7"]),
        (("Account",), ["customer:44"]),
        (("--sobject", "Account"), ["customer:44"]),
        (("--verdict", "refused"), ["user:3"]),
        (("--code", "NO_PARENT"), ["invoice:7"]),
        (("Account", "--verdict", "held"), []),
    ],
)
def test_owed_of_one_record_one_sobject_one_verdict_or_one_code(co2sf, home, words, records):
    owe(*three)

    told = co2sf("owed", *words, "--json")

    assert [each["record"] for each in json.loads(told.out)] == records
    assert told.code == (1 if records else 0)


def test_owed_as_data_holds_the_reason_beside_each_row(co2sf, home):
    owe(three[2])

    (row,) = json.loads(co2sf("owed", "--json").out)

    assert (row["code"], row["what to do"]) == ("INVALID_EMAIL_ADDRESS", "correct the address in ChargeOver")
    assert row["tries"] == 1


def test_owed_says_how_many_more_there_are_than_it_shows(co2sf, home):
    owe(*(("Contact", f"user:{n}", "refused", {"code": "A"}) for n in range(1, 24)))

    assert "... and 3 more; --limit shows them." in co2sf("owed").out
    assert "... and 22 more" in co2sf("owed", "--limit", 1).out
    assert "more;" not in co2sf("owed", "--limit", 23).out


def test_nothing_owed_and_nothing_that_fits_are_told_apart(co2sf, home):
    assert co2sf("owed").lines == ["Nothing is owed."]
    owe(three[0])

    told = co2sf("owed", "Account")

    assert (told.code, told.lines) == (0, ["Nothing of that is owed; of all else, 1 row is."])


@pytest.mark.parametrize("command", ["owed", "retry"])
def test_what_cannot_be_meant_is_told_in_one_line(co2sf, world, live, command):
    told = co2sf(command, "invoice:x")

    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert "write object and id, such as invoice:10041" in told.err


def test_a_refused_row_is_due_in_minutes_and_then_with_the_next_sync(home):
    from pipelines.cli.wording import next_try

    owe(three[2])
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        (row,) = ledger.owed()

    def told(**before):
        return next_try(row, row.due_at - timedelta(**before))

    assert [told(seconds=9.5), told(minutes=2.5), told(hours=5), told(seconds=0), told(seconds=-9)] == [
        "in 10 s", "in 3 min", "in 5 h", "with the next sync", "with the next sync",
    ]  # fmt: skip


@pytest.fixture
def refused(world, live):
    """Customers that the org refuses, and a person who has just tried to sync them."""
    for path in live.glob("*.yaml"):
        if path.stem != "customers":
            path.unlink()
    world.salesforce("rules", [{"sobject": "Account", "field": "Name", "value": "Bad", "message": "No."}])
    return [world.create("customer", company="Bad") for _ in range(2)]


def accept(world):
    requests.delete(f"{world.salesforce_url}/_admin/rules", timeout=5).raise_for_status()


@pytest.mark.slow
def test_retry_sends_what_was_refused_before_its_turn_and_says_what_became_of_it(co2sf, world, refused):
    first, second = refused
    assert co2sf("sync").code == 1
    accept(world)

    told = co2sf("retry", f"customer:{first}")

    assert told.code == 1
    assert told.lines[1].split()[:3] == ["Account", "1", "1"]
    assert "Still owed: 0 of 1." in told.lines
    assert set(world.rows("Account")) == {str(first)}
    assert co2sf("retry", "Account").code == 0
    assert set(world.rows("Account")) == {str(first), str(second)}
    assert co2sf("retry").lines == ["Nothing is owed."]
    assert json.loads(co2sf("log", "--json").out)[0]["job"] == "retry_owed"


@pytest.mark.slow
def test_retry_names_what_is_still_owed_and_why(co2sf, world, refused):
    co2sf("sync")

    told = co2sf("retry", "--verdict", "refused", "--limit", 1)

    assert told.code == 1
    assert "Still owed: 1 of 1." in told.lines
    assert f"customer:{refused[0]}" in told.out
    assert "FIELD_CUSTOM_VALIDATION_EXCEPTION: a validation rule of the org does not let it in." in told.out
    (data,) = json.loads(co2sf("retry", "--json").out)
    assert (data["retried"][0]["retried"], data["retried"][0]["refused"], len(data["still owed"])) == (2, 2, 2)


@pytest.mark.slow
def test_retry_that_could_not_run_ends_with_2_and_says_what_was_not_tried(co2sf, world, refused, monkeypatch):
    co2sf("sync")
    monkeypatch.setenv("SALESFORCE_CLIENT_SECRET", "wrong")

    told = co2sf("retry", "--json")

    assert told.code == 2
    assert "the client secret does not belong to the client id" in told.err
    (data,) = json.loads(told.out)
    assert data["retried"][0]["not tried"] == 2
