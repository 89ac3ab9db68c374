"""The real process of co2sf connect salesforce, and Salesforce's screens in a real browser or on a terminal."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from person import USERNAME, allow, answer
from terminal import Terminal

from sandbox.browser import MISSING, browsing, executable
from sandbox.companions import free_ports, program

pytestmark = pytest.mark.slow


@pytest.fixture
def port(world):
    (port,) = free_ports(1)
    world.salesforce("oauth", {"callbacks": [f"http://localhost:{port}/callback"]})
    return port


@contextmanager
def connecting(*words: object) -> Iterator[subprocess.Popen[str]]:
    """The process, ended at the end."""
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = subprocess.Popen(
        [program("co2sf"), "connect", "salesforce", *map(str, words)], text=True, start_new_session=True, **given
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_link(process: subprocess.Popen[str]) -> str:
    for line in process.stdout:
        if "/services/oauth2/authorize?" in line:
            return line.strip()
    raise AssertionError("no link was printed")


def kept(world):
    return json.loads((world.home / "connections.json").read_text())["salesforce"]


def test_the_screens_of_the_login_in_a_real_browser(world, port):
    if executable() is None:
        pytest.skip(MISSING)
    with connecting("--no-browser", "--port", port) as process, browsing(world.salesforce_url) as browser:
        page = browser.new_page()
        link = read_link(process)
        page.goto(link)
        page.get_by_label("Username").fill(USERNAME)
        page.get_by_label("Password").fill("not this one")
        page.get_by_role("button", name="Log In").click()
        page.get_by_text("Please check your username and password.").wait_for()
        allow(page, link)
        rest, code = process.stdout.read(), process.wait(timeout=60)

    assert code == 0, rest
    assert f"as {USERNAME} (Loader), org 00D5g0000000001" in rest
    secrets = [value for name, value in kept(world)["tokens"].items() if name.endswith("_token")]
    assert [secret for secret in (*secrets, "sandbox-client-secret") if secret in rest] == []


def test_questions_on_a_terminal_hide_the_secret_and_take_a_pasted_address(world, port, monkeypatch):
    for name in ("SALESFORCE_URL", "SALESFORCE_CLIENT_ID", "SALESFORCE_CLIENT_SECRET"):
        monkeypatch.delenv(name)
    with Terminal("co2sf", "connect", "salesforce", "--paste", "--port", port) as terminal:
        terminal.answer(r"or your My Domain address \[production\]: ", world.salesforce_url)
        terminal.answer("Consumer key: ", "sandbox-client-id")
        terminal.answer(r"Consumer secret \(not shown; Enter for none\): ", "sandbox-client-secret")
        link = terminal.until(r"http://\S+/services/oauth2/authorize\?\S+(?=\s)")
        terminal.answer("Paste that whole address: ", answer(link))
        terminal.until("Kept in file")
        assert terminal.code() == 0

    assert "sandbox-client-secret" not in terminal.shown
    assert kept(world)["settings"]["client_secret"] == "sandbox-client-secret"
    assert kept(world)["tokens"]["refresh_token"] not in terminal.shown
