"""co2sf sync and co2sf log: a run by hand, and what the sync log says of it."""

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.ledger.ledger import open_ledger
from pipelines.settings import ProjectSettings, read_settings

pytestmark = pytest.mark.slow


@pytest.fixture
def customers():
    return 4


@pytest.fixture
def shelf(shelf):
    """Three of the mappings: contacts look up customers, products stand alone."""
    for path in shelf.glob("*.yaml"):
        if path.stem not in {"customers", "contacts", "products"}:
            path.unlink()
    return shelf


def edit_customers(shelf, old, new):
    path = shelf / "customers.yaml"
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_sync_prints_counts_and_ends_with_0(co2sf, world, live):
    told = co2sf("sync")

    assert (told.code, told.err) == (0, "")
    assert told.lines[0].split() == [
        "sObject",
        "read",
        "created",
        "updated",
        "unchanged",
        "held",
        "rejected",
        "refused",
        "deleted",
    ]
    assert ["Account", "4", "4", "0", "0", "0", "0", "0", "0"] in [each.split() for each in told.lines]
    assert len(told.lines) == 4


def test_sync_without_changes_writes_nothing_and_full_compares_everything(co2sf, world, live):
    co2sf("sync")
    before = world.write_calls()

    quiet = {each["sObject"]: each for each in json.loads(co2sf("sync", "--json").out)}
    full = {each["sObject"]: each for each in json.loads(co2sf("sync", "--full", "--json").out)}

    assert quiet["Account"]["read"] == 0
    assert (full["Account"]["read"], full["Account"]["unchanged"]) == (4, 4)
    assert world.write_calls() == before


def test_sync_resend_sends_what_salesforce_has_accepted(co2sf, world, live):
    co2sf("sync")

    sent = {each["sObject"]: each for each in json.loads(co2sf("sync", "--full", "--resend", "--json").out)}

    assert sent["Account"]["updated"] == 4
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        lanes = ledger.spent(f"{world.salesforce_url}/", datetime.now(UTC) - timedelta(hours=1))
    assert set(lanes) == {"live", "backfill"}


def test_sync_that_leaves_rows_owed_ends_with_1(co2sf, world, live):
    edit_customers(live, "{from: total,   as: currency}", "{from: company, as: currency}")

    assert co2sf("sync").code == 1


def test_sync_with_a_broken_mapping_loads_the_others_and_ends_with_2(co2sf, world, live):
    edit_customers(live, "from: customer\n", "from: custome\n")

    told = co2sf("sync")

    assert told.code == 2
    assert "customers.yaml:3:7" in told.err
    assert (len(world.rows("Product2")) > 0, world.rows("Account"), world.rows("Contact")) == (True, {}, {})


def test_sync_that_cannot_log_in_says_so_in_one_line(co2sf, world, live, monkeypatch):
    monkeypatch.setenv("SALESFORCE_CLIENT_SECRET", "wrong-secret-value")

    told = co2sf("sync")

    assert (told.code, told.err.count("\n")) == (2, 1)
    assert "the client secret does not belong to the client id" in told.err
    assert "wrong-secret-value" not in told.err + told.out
    run = json.loads(co2sf("log", "--json").out)[0]
    assert (run["status"], run["why"]) == ("failure", "co2sf sync")
    assert "the client secret does not belong" in co2sf("log", "--run", run["run"]).out


@pytest.mark.parametrize("kind", ["missing", "empty"])
def test_sync_without_any_mapping_says_what_is_wrong(co2sf, world, live, tmp_path, monkeypatch, kind):
    if kind == "empty":
        (tmp_path / "none").mkdir()
    monkeypatch.setenv("CO2SF_MAPPINGS", str(tmp_path / "none"))

    told = co2sf("sync")

    assert told.code == 2
    assert ("no such folder" if kind == "missing" else "holds no mapping") in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize("command", ["sync", "log"])
def test_a_missing_home_folder_is_named(co2sf, live, monkeypatch, tmp_path, command):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "nowhere"))

    told = co2sf(command)

    assert (told.code, told.err.count("\n")) == (2, 1)
    assert "there is no folder" in told.err


def test_log_tells_how_long_changes_took_and_what_a_run_cost(co2sf, world, live):
    co2sf("sync")
    world.create("customer", company="Acme Corp")
    co2sf("sync")

    run, first = json.loads(co2sf("log", "--json").out)

    assert 0 <= run["lag s"] < 60
    assert first["lag s"] is None
    assert run["ChargeOver calls"] > 0
    assert 0 < run["Salesforce calls"] < first["Salesforce calls"]
    account, *_ = [each for each in json.loads(co2sf("log", "--run", run["run"], "--json").out) if each["created"]]
    assert (account["sObject"], account["owed"], account["longest"]) == ("Account", 0, run["lag s"])


def test_log_lists_runs_one_run_and_one_record(co2sf, world, live):
    assert co2sf("log").out == "Nothing in the log.\n"
    customer = world.create("customer", company="Acme Corp")
    co2sf("sync")

    (run,) = json.loads(co2sf("log", "--json").out)
    assert (run["job"], run["status"], run["read"]) == ("sync", "success", run["created"])
    one = co2sf("log", "--run", run["run"])
    assert ["Account", "5", "5"] in [each.split()[:3] for each in one.lines]
    (entry,) = json.loads(co2sf("log", "--record", f"customer:{customer}", "--json").out)
    assert (entry["verdict"], entry["row"], entry["run"]) == ("created", f"Account {customer}", run["run"])


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--record", "customer"), "write object and id, such as invoice:10041"),
        (("--run", "zzzz"), "no run starts with 'zzzz'"),
    ],
)
def test_log_says_how_to_ask(co2sf, live, words, text):
    told = co2sf("log", *words)

    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert text in told.err


def test_on_a_terminal_the_counts_are_a_table_of_what_happened(world, live):
    program = "import sys; sys.argv = ['co2sf', 'sync']; from pipelines.cli import main; main()"
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "80"},
    ) as running:  # fmt: skip
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:
            pass  # Linux says so when the other end has closed
        os.close(ours)

    text = shown.decode()
    assert running.returncode == 0, text
    assert "───" in text
    assert "Account" in text
    assert "refused" not in text
