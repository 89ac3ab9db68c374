"""The first steps of the README, word for word, by a person who has an account of each and nothing set up."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from person import allow, answer
from terminal import Terminal

from sandbox.browser import browsing, executable
from sandbox.companions import free_ports

pytestmark = pytest.mark.slow
root = Path(__file__).parents[2]
readme = (root / "README.md").read_text()
given = ("CHARGEOVER_URL", "CHARGEOVER_PUBLIC_KEY", "CHARGEOVER_PRIVATE_KEY",
         "SALESFORCE_URL", "SALESFORCE_CLIENT_ID", "SALESFORCE_CLIENT_SECRET")  # fmt: skip


def commands():
    """The words of each command of the section, by its block of code."""
    section = re.search(r"^## Connect and choose\n(.*?)^## ", readme, re.MULTILINE | re.DOTALL)[1]
    return [
        [shlex.split(line, comments=True) for line in block.splitlines() if line]
        for block in re.findall(r"^```\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    ]


@pytest.fixture
def newcomer(world, tmp_path, monkeypatch):
    """A new folder, and nothing in the environment."""
    for name in given:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    shutil.copy(root / "dagster_home" / "dagster.yaml", world.home)
    (port,) = free_ports(1)
    world.salesforce("oauth", {"callbacks": [f"http://localhost:{port}/callback"]})
    return port


def connect_chargeover(world, words):
    with Terminal(*words) as terminal:
        terminal.answer(r"subdomain or address\): ", world.chargeover_url)
        terminal.answer(r"Public key .*: ", "sandbox-public-key")
        terminal.answer(r"Private key .*: ", "sandbox-private-key")
        terminal.until("Kept in file")
        assert terminal.code() == 0


def connect_salesforce(world, words, port):
    """Through the screens in a browser; where there is none, through their forms."""
    way = "--no-browser" if executable() else "--paste"
    with Terminal(*words, way, "--port", port) as terminal:
        terminal.answer(r"My Domain address \[production\]: ", world.salesforce_url)
        terminal.answer("Consumer key: ", "sandbox-client-id")
        terminal.answer(r"Consumer secret .*: ", "sandbox-client-secret")
        link = terminal.until(r"http://\S+/services/oauth2/authorize\?\S+(?=\s)")
        if executable():
            with browsing(world.salesforce_url) as browser:
                allow(browser.new_page(), link)
        else:
            terminal.answer("Paste that whole address: ", answer(link))
        terminal.until("Kept in file")
        assert terminal.code() == 0


def test_the_first_steps_of_the_readme_lead_from_nothing_to_rows_that_are_explained(
    co2sf, world, newcomer, monkeypatch, tmp_path
):
    first, then = commands()
    assert first[0] == ["export", "CO2SF_MAPPINGS=mine"]
    monkeypatch.setenv("CO2SF_MAPPINGS", "mine")
    assert first[1][:3] == ["co2sf", "connect", "chargeover"]
    connect_chargeover(world, first[1])
    assert first[2][:3] == ["co2sf", "connect", "salesforce"]
    connect_salesforce(world, first[2], newcomer)

    told = {" ".join(words[1:]): co2sf(*words[1:]) for words in first[3:]}
    assert {name: each.code for name, each in told.items() if each.code} == {"plan": 2}, told
    assert "created" in told["plan"].out
    assert len(world.rows("Account")) == 12
    invoices = world.rows("ChargeOver_Invoice__c")
    assert invoices

    overdue = {key for key, row in invoices.items() if row["Status__c"] == "Overdue"}
    file = tmp_path / "mine" / "invoices.yaml"
    file.write_text(file.read_text().replace("open-overdue: Overdue", "open-overdue: Unpaid"))
    planned, resent, explained = (co2sf(*words[1:]) for words in then)

    assert (planned.code, resent.code, explained.code) == (2, 0, 0)
    assert f"changes Status__c in {len(overdue)} rows" in planned.out
    assert "Status__c  Overdue -> Unpaid" in planned.out
    after = world.rows("ChargeOver_Invoice__c")
    assert {key for key in after if after[key]["SystemModstamp"] != invoices[key]["SystemModstamp"]} == overdue
    assert {after[key]["Status__c"] for key in overdue} == {"Unpaid"}
    assert re.search(r"Status__c +invoice_status_str = open-overdue +Unpaid +Unpaid", explained.out)
