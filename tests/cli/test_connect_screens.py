"""The real process of co2sf connect salesforce, and Salesforce's screens in a real browser or on a terminal."""

import json
import os
import pty
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from person import PASSWORD, USERNAME, answer

from sandbox.browser import MISSING, browsing, executable
from sandbox.companions import free_ports, program

pytestmark = pytest.mark.slow


@pytest.fixture
def port(world):
    (port,) = free_ports(1)
    world.salesforce("oauth", {"callbacks": [f"http://localhost:{port}/callback"]})
    return port


@contextmanager
def connecting(world, *words: object, **streams: int) -> Iterator[subprocess.Popen[str]]:
    """The process, ended at the end."""
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} | streams
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
    with connecting(world, "--no-browser", "--port", port) as process, browsing(world.salesforce_url) as browser:
        page = browser.new_page()
        page.goto(read_link(process))
        page.get_by_label("Username").fill(USERNAME)
        page.get_by_label("Password").fill("not this one")
        page.get_by_role("button", name="Log In").click()
        page.get_by_text("Please check your username and password.").wait_for()
        page.get_by_label("Username").fill(USERNAME)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log In").click()
        page.get_by_text("Perform requests at any time (refresh_token)").wait_for()
        page.get_by_role("button", name="Allow").click()
        page.get_by_role("heading", name="Salesforce has answered").wait_for()
        rest, code = process.stdout.read(), process.wait(timeout=60)

    assert code == 0, rest
    assert f"as {USERNAME} (Loader), org 00D5g0000000001" in rest
    secrets = [value for name, value in kept(world)["tokens"].items() if name.endswith("_token")]
    assert [secret for secret in (*secrets, "sandbox-client-secret") if secret in rest] == []


def test_questions_on_a_terminal_hide_the_secret_and_take_a_pasted_address(world, port, monkeypatch):
    for name in ("SALESFORCE_URL", "SALESFORCE_CLIENT_ID", "SALESFORCE_CLIENT_SECRET"):
        monkeypatch.delenv(name)
    ours, theirs = pty.openpty()
    with connecting(world, "--paste", "--port", port, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = ""

        def until(text: str) -> str:
            nonlocal shown
            while not (found := re.search(text, shown)):
                shown += os.read(ours, 65536).decode()
            return found[0]

        def type_in(text: str) -> None:
            os.write(ours, f"{text}\n".encode())

        until(r"or your My Domain address \[production\]: ")
        type_in(world.salesforce_url)
        until("Consumer key: ")
        type_in("sandbox-client-id")
        until(r"Consumer secret \(not shown; Enter for none\): ")
        type_in("sandbox-client-secret")
        link = until(r"http://\S+/services/oauth2/authorize\?\S+(?=\s)")
        until("Paste that whole address: ")
        type_in(answer(link))
        until("Kept in file")
        assert process.wait(timeout=60) == 0
    os.close(ours)

    assert "sandbox-client-secret" not in shown
    assert kept(world)["settings"]["client_secret"] == "sandbox-client-secret"
    assert kept(world)["tokens"]["refresh_token"] not in shown
