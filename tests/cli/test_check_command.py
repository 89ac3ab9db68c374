"""co2sf check, and what all commands have in common."""

import json
import os
import subprocess
import sys

import pytest

commands = ("check", "preview", "sync", "log")


def break_two(shelf):
    (shelf / "invoices.yaml").write_text(
        (shelf / "invoices.yaml").read_text().replace("from: invoice\n", "from: invoic\n")
    )
    (shelf / "quotes.yaml").write_text((shelf / "quotes.yaml").read_text().replace("external_id:", "externalid:"))


def test_check_of_good_mappings_prints_the_load_order(co2sf, shelf):
    told = co2sf("check")

    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("13 mappings are in order. Load order: Account -> ")
    order = told.out.strip().rpartition(": ")[2].split(" -> ")
    assert order.index("ChargeOver_Invoice__c") < order.index("ChargeOver_Invoice_Line__c")


def test_check_prints_every_problem_of_every_file(co2sf, shelf):
    break_two(shelf)

    told = co2sf("check")

    assert told.code == 2
    assert {line.partition(":")[0].rpartition("/")[2] for line in told.lines} == {"invoices.yaml", "quotes.yaml"}
    assert 'invoices.yaml:3:7: ChargeOver has no "invoic"; did you mean "invoice"?' in told.out
    assert "11 mappings can run" in told.err


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
    assert "there is no such folder" in told.out


@pytest.mark.slow
def test_check_live_compares_with_the_org(co2sf, live):
    assert co2sf("check", "--live").out.startswith("13 mappings fit the org")
    path = live / "invoices.yaml"
    path.write_text(path.read_text().replace("  Taxes__c: ", "  Taxess__c: "))

    told = co2sf("check", "--live")

    assert told.code == 2
    assert "invoices.yaml:" in told.out
    assert 'did you mean "Taxes__c"' in told.out


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
