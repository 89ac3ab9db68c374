"""co2sf check, and what all commands have in common."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from pipelines.ledger.ledger import open_ledger
from pipelines.settings import ProjectSettings, read_settings

commands = ("check", "preview", "sync", "log")


def break_two(shelf):
    (shelf / "invoices.yaml").write_text(
        (shelf / "invoices.yaml").read_text().replace("from: invoice\n", "from: invoic\n")
    )
    (shelf / "quotes.yaml").write_text((shelf / "quotes.yaml").read_text().replace("external_id:", "externalid:"))


def flat(text):
    """The text without its line breaks."""
    return " ".join(text.split())


def test_check_of_good_mappings_prints_the_load_order(co2sf, shelf):
    told = co2sf("check")

    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("13 mappings are in order. Load order: Account -> ")
    order = flat(told.out).rpartition(": ")[2].split(" -> ")
    assert order.index("ChargeOver_Invoice__c") < order.index("ChargeOver_Invoice_Line__c")


def test_check_prints_every_problem_of_every_file(co2sf, shelf):
    break_two(shelf)

    told = co2sf("check")

    assert told.code == 2
    begun = [line for line in told.lines if not line.startswith("  ")]
    assert {line.partition(":")[0].rpartition("/")[2] for line in begun} == {"invoices.yaml", "quotes.yaml"}
    assert 'invoices.yaml:3:7: ChargeOver has no "invoic"; did you mean "invoice"?' in flat(told.out)
    assert told.err == f"{len(begun)} errors, 0 warnings; 11 mappings can run\n"


def test_check_says_one_error_of_one(co2sf, shelf):
    (shelf / "quote_lines.yaml").write_text("")

    assert co2sf("check").err == "1 error, 0 warnings; 12 mappings can run\n"


def test_check_without_live_needs_neither_a_network_nor_a_ledger(co2sf, shelf, tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    for name in ("CHARGEOVER_URL", "SALESFORCE_URL"):
        monkeypatch.setenv(name, "https://nowhere.invalid")

    assert co2sf("check").code == 0
    assert not (tmp_path / "home").exists()


def test_check_takes_at_most_100_columns(co2sf, shelf):
    assert max(map(len, co2sf("check").lines)) <= 100
    break_two(shelf)
    words = [line for line in co2sf("check").lines if " " in line.strip()]
    assert max(map(len, words)) <= 100


def test_check_as_json_is_a_list_of_problems(co2sf, shelf):
    break_two(shelf)

    told = co2sf("check", "--json")

    found = json.loads(told.out)
    assert told.code == 2
    assert {each["severity"] for each in found} == {"error"}
    assert any("invoices.yaml:3:7" in each["text"] for each in found)


def test_check_of_good_mappings_as_json_is_an_empty_list(co2sf, shelf):
    told = co2sf("check", "--json")

    assert (told.code, json.loads(told.out)) == (0, [])


def test_check_takes_another_folder(co2sf, shelf, tmp_path):
    told = co2sf("check", "--mappings", tmp_path / "nowhere")

    assert told.code == 2
    assert "there is no such folder" in " ".join(told.out.split())


@pytest.mark.slow
def test_check_live_compares_with_the_org(co2sf, live):
    assert co2sf("check", "--live").out.startswith("13 mappings fit the org")
    path = live / "invoices.yaml"
    path.write_text(path.read_text().replace("  Taxes__c: ", "  Taxess__c: "))

    told = co2sf("check", "--live")

    assert told.code == 2
    assert "invoices.yaml:" in told.out
    assert 'did you mean "Taxes__c"' in flat(told.out)
    assert told.err == "1 error, 0 warnings; 12 mappings can run\n"


@pytest.mark.slow
def test_check_live_names_what_changed_in_the_org_since_the_last_sync(co2sf, live, world):
    for path in live.glob("*.yaml"):
        if path.stem not in {"customers", "products"}:
            path.unlink()
    assert co2sf("sync").code == 0
    world.salesforce("schema", {"sobject": "Account", "field": "BillingCity", "facts": {"length": 50}})
    world.salesforce("schema", {"sobject": "Product2", "field": "ProductCode", "visible": False, "stamped": False})

    for _ in range(2):  # to look is not to forget
        told = co2sf("check", "--live")

        assert (told.code, told.err) == (2, "1 error, 2 warnings; 1 mapping can run\n")
        assert "customers.yaml:4:1: Account has changed in the org: BillingCity is 50 characters" in flat(told.out)
        assert 'Product2 has no field "ProductCode"' in flat(told.out)
        assert "Product2 has changed in the org: field ProductCode is gone" in flat(told.out)


@pytest.mark.slow
def test_check_live_says_what_the_account_supports_and_what_follows(co2sf, live, world):
    told = co2sf("check", "--live")

    assert told.code == 0
    assert max(map(len, told.lines)) <= 100
    assert all(line == line.rstrip() for line in told.lines)
    assert said(told, "contacts can be filtered by mod_datetime") == (
        "no all contacts are compared every 10 min (2 calls now)"
    )
    assert said(told, "customers can be filtered by mod_datetime") == "yes asked for changes every 5 s"
    assert said(told, "invoices can be filtered by invoice_status_state") == (
        "yes only those with invoice_status_state:EQUALS:o are compared every 10 min (1 call now)"
    )
    assert said(told, "cards can be filtered by creditcard_id") == "no lists are paged by overlapping offsets"
    assert said(told, "subscriptions can be filtered by cancel_datetime") == (  # none is cancelled
        "unknown no record tells yet; asked for changes every 5 s"
    )
    assert said(told, "invoices come with their line_items") == "yes a page shows them whole"
    quotes = world.chargeover("state")["quote"]
    assert said(told, "quotes come with their line_items") == (
        f"no each is read alone: a sweep takes {pages(quotes) + quotes} calls"
    )
    assert said(told, "the longest page") == ("unknown too few records tell yet; lists are read 500 records at a time")
    assert said(told, "datetimes are written") == "offset each says its own offset"
    assert said(told, "its zone is CHARGEOVER_ZONE") == "yes it is America/Chicago"


def said(told, what):
    """What stands behind a sentence, up to the next one, without the line breaks."""
    start = next(number for number, line in enumerate(told.lines) if line.startswith(what))
    end = next(number for number in range(start + 1, len(told.lines)) if not told.lines[number].startswith("    "))
    return flat(" ".join(told.lines[start:end])).removeprefix(what).strip()


def pages(records):
    return 1 if records < 10 else 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("switches", "what", "follows"),
    [
        ({"refused_filters": ["customer.mod_datetime"]}, "customers can be filtered by mod_datetime",
         "no all customers are compared every 10 min (2 calls now)"),
        ({"refused_filters": ["package.package_status_state"]}, "subscriptions can be filtered by package_status_state",
         "no all subscriptions are compared every 10 min (2 calls now)"),
        ({"refused_filters": ["package.cancel_datetime"]}, "subscriptions can be filtered by cancel_datetime",
         "no what it would show, a watch or a sweep does"),
        ({"refused_filters": ["transaction.transaction_datetime"]},
         "transactions can be filtered by transaction_datetime",
         "no all transactions are compared every 10 min (2 calls now)"),
        ({"extra_filters": ["user.mod_datetime"]}, "contacts can be filtered by mod_datetime",
         "yes asked for changes every 5 s"),
        ({"extra_filters": ["ach.ach_id"]}, "bank accounts can be filtered by ach_id", "yes lists are paged by id"),
        ({"expands": ["quote.line_items"]}, "quotes come with their line_items", "yes a page shows them whole"),
        ({"page_limit": 10}, "the longest page", "10 lists are read 10 records at a time"),
        ({"datetimes": "zoneless"}, "datetimes are written", "zoneless they are read in America/Chicago"),
    ],
)  # fmt: skip
def test_check_live_says_what_follows_in_another_account(co2sf, live, world, switches, what, follows):
    world.chargeover("settings", switches)

    assert said(co2sf("check", "--live"), what) == follows


@pytest.mark.slow
def test_check_live_says_how_much_there_is_to_go_through(co2sf, live, world, monkeypatch):
    monkeypatch.setenv("CHARGEOVER_SWEEP_CALLS_PER_MINUTE", "1")
    monkeypatch.setenv("CHARGEOVER_WATCH_CALLS_PER_MINUTE", "2")
    monkeypatch.setenv("CHARGEOVER_LOOK_EVERY_SECONDS", "3600")
    there = world.chargeover("state")

    told = co2sf("check", "--live", "--json")

    takes = {each.pop("name"): each for each in json.loads(told.out)["takes"]}
    assert {name: each["records"] for name, each in takes.items() if name != "all"} == {
        name: there[name] for name in takes if name != "all"
    }
    assert len(takes) == 10
    assert takes["customer"] == {
        "records": 12, "watch_calls": None, "watch_seconds": None, "sweep_calls": 2, "sweep_seconds": 120,
    }  # fmt: skip
    assert takes["user"]["watch_seconds"] == 60
    each = [count for name, count in takes.items() if name != "all"]
    for name in ("records", "watch_calls", "sweep_calls", "watch_seconds", "sweep_seconds"):
        assert takes["all"][name] == sum(count[name] or 0 for count in each)
    worst = 3600 + takes["all"]["watch_seconds"], 86400 + takes["all"]["sweep_seconds"]
    assert (
        f"seen after {minutes(worst[0])}, what only a sweep after {minutes(worst[1])}." in co2sf("check", "--live").out
    )


def minutes(seconds):
    return f"{int(seconds // 3600)} h {int(seconds // 60 % 60)} min"


@pytest.mark.slow
def test_check_live_warns_of_a_pace_at_which_lists_cannot_be_gone_through(co2sf, live, world, monkeypatch):
    world.chargeover("settings", {"expands": []})  # then every invoice costs a call
    monkeypatch.setenv("CHARGEOVER_WATCH_CALLS_PER_MINUTE", "1")
    monkeypatch.setenv("CHARGEOVER_SWEEP_CALLS_PER_MINUTE", "1")
    monkeypatch.setenv("CHARGEOVER_LOOK_EVERY_SECONDS", "3600")
    assert "(warning)" not in co2sf("check", "--live").out
    monkeypatch.setenv("CHARGEOVER_LOOK_EVERY_SECONDS", "60")
    monkeypatch.setenv("CHARGEOVER_SWEEP_EVERY_HOURS", "1")

    told = co2sf("check", "--live")

    assert (told.code, told.err) == (0, "0 errors, 2 warnings; 13 mappings can run\n")
    watch, sweep = (flat(each) for each in told.out.split("(warning)")[:2])
    assert watch.startswith("CHARGEOVER_WATCH_CALLS_PER_MINUTE 1: one look at all watched lists takes ")
    assert watch.endswith("and does not fit into CHARGEOVER_LOOK_EVERY_SECONDS 60; raise one")
    assert sweep.startswith("CHARGEOVER_SWEEP_CALLS_PER_MINUTE 1: one sweep of all objects takes ")
    assert sweep.endswith("and does not fit into CHARGEOVER_SWEEP_EVERY_HOURS 1; raise one")


@pytest.mark.slow
def test_check_live_shows_only_objects_that_a_mapping_reads(co2sf, live):
    for path in live.glob("*.yaml"):
        if path.stem != "customers":
            path.unlink()

    out = co2sf("check", "--live").out

    assert "customers can be filtered by" in out
    assert "contacts" not in out


@pytest.mark.slow
def test_check_live_asks_once_what_the_account_supports_unless_it_should_again(co2sf, live, world):
    def answer(*words):
        before = sum(world.chargeover("requests")["counts"].values())
        line = said(co2sf("check", "--live", *words), "contacts can be filtered by mod_datetime")
        return line.partition(" ")[0], sum(world.chargeover("requests")["counts"].values()) - before

    assert answer()[0] == "no"
    world.chargeover("settings", {"extra_filters": ["user.mod_datetime"]})
    word, calls = answer()
    assert word == "no"
    assert calls < 25  # it only counts
    word, calls = answer("--again")
    assert word == "yes"
    assert calls > 50
    assert answer()[0] == "yes"


def test_to_ask_again_takes_live(co2sf, shelf):
    told = co2sf("check", "--again")

    assert told.code == 2
    assert "write --live --again" in told.err


@pytest.mark.slow
def test_check_live_says_when_datetimes_cannot_be_read_until_a_person_sets_the_format(co2sf, live, world, monkeypatch):
    world.chargeover("settings", {"datetimes": "%m/%d/%Y %H:%M:%S"})

    told = co2sf("check", "--live")

    assert (told.code, told.err) == (2, "1 error, 0 warnings; 13 mappings can run\n")
    assert re.match(r"CHARGEOVER_DATETIME_FORMAT: '' does not read datetimes such as '\d\d/\d\d/\d{4} ", flat(told.out))
    monkeypatch.setenv("CHARGEOVER_DATETIME_FORMAT", "%m/%d/%Y %H:%M:%S")
    assert co2sf("check", "--live").code == 0


@pytest.mark.slow
def test_check_live_says_when_the_zone_is_another_until_a_person_sets_it(co2sf, live, world, monkeypatch):
    world.chargeover("settings", {"zone": "Europe/Berlin"})

    told = co2sf("check", "--live", "--json")

    problems = json.loads(told.out)["problems"]
    assert told.code == 2
    assert [each["severity"] for each in problems] == ["error"]
    assert re.fullmatch(
        r"CHARGEOVER_ZONE: ChargeOver writes \+0\d:00, CHARGEOVER_ZONE America/Chicago is -0\d:00 then; "
        "windows would be wrong, set it to this account's time zone",
        problems[0]["text"],
    )
    world.chargeover("settings", {"zone": "America/Chicago"})
    assert co2sf("check", "--live").code == 0
    monkeypatch.setenv("CHARGEOVER_ZONE", "Europe/Berlin")
    assert co2sf("check", "--live").code == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CHARGEOVER_PRIVATE_KEY", "wrong", "ChargeOver"),
        ("SALESFORCE_CLIENT_SECRET", "wrong-secret-value", "client secret"),
        ("SALESFORCE_URL", None, "not set: SALESFORCE_URL"),
    ],
)
def test_an_error_is_one_line_on_stderr(co2sf, live, monkeypatch, name, value, words):
    monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)

    told = co2sf("check", "--live")

    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert told.err.startswith("co2sf: ")
    assert words in told.err
    assert "wrong-secret-value" not in told.err


@pytest.mark.parametrize("command", [(), *((name,) for name in commands)])
def test_help_is_whole_sentences_that_are_not_cut_off(co2sf, command):
    told = co2sf(*command, "--help")

    assert told.code == 0
    assert "..." not in told.out.replace("[ARGS]...", "")
    words = " ".join(told.out.split())
    assert words.count(".") >= 3


def test_check_and_preview_do_not_import_dagster(shelf):
    code = (
        "import sys; sys.argv = ['co2sf', 'check']\n"
        "from pipelines.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "import pipelines.cli.preview\n"
        "sys.exit(any(name.partition('.')[0] == 'dagster' for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], env=os.environ, timeout=60, check=False).returncode == 0


@pytest.mark.slow
def test_check_live_names_the_budget_of_salesforce_calls(co2sf, live, world):
    account = f"{world.salesforce_url}/"
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        ledger.spend(account, "live", 12_000, datetime.now(UTC))
        ledger.spend(account, "backfill", 3_000, datetime.now(UTC))

    told = co2sf("check", "--live")

    assert told.code == 0
    assert re.search(
        r"Salesforce calls of 24 hours: the org's apps have used 1[0-3] of 100,000, 10,000 stay for others\. "
        r"co2sf has made 15,013 of the 50,000 that it may make \(12,000 live, 3,000 backfill, 13 check; "
        r"backfills may make 25,000 of them\): 34,987 are left\.$",
        flat(told.out),
    )
    calls = json.loads(co2sf("check", "--live", "--json").out)["salesforce_calls"]
    assert 23 <= calls.pop("used_by_all_apps") <= 26  # calls side by side: the last answer need not be the last count
    assert calls == {
        "allowed": 100_000, "reserve": 10_000, "co2sf_may_make": 50_000, "co2sf_made": 15_026, "co2sf_left": 34_974,
        "live_made": 12_000, "backfill_made": 3_000, "check_made": 26, "backfill_may_make": 25_000, "stopped": "",
    }  # fmt: skip


@pytest.mark.slow
def test_check_live_answers_though_the_budget_is_used_up_and_says_so(co2sf, live, world):
    co2sf("check", "--live")
    with open_ledger(read_settings(ProjectSettings).ledger_url) as ledger:
        ledger.spend(f"{world.salesforce_url}/", "live", 50_000, datetime.now(UTC))

    told = co2sf("check", "--live")

    assert (told.code, told.err) == (0, "0 errors, 1 warning; 13 mappings can run\n")
    assert flat(told.out).startswith("Salesforce: co2sf has made 50,026 of the 50,000 calls that it may make")
