"""co2sf listen and co2sf webhooks: a receiver of one's own, and who is sent what."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest
import requests
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from pipelines.chargeover.answer import QuestionRefused
from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.events import EVENTS
from pipelines.chargeover.hooks import Hook, Hooks
from pipelines.chargeover.session import Patience
from pipelines.errors import FixAccess, TryLater
from pipelines.ledger import open_ledger
from sandbox import chargeover as sandbox
from sandbox.serving import serve

address = "https://hooks.example.com/"


class Account:
    """A ChargeOver account over HTTP."""

    def __init__(self, url):
        self.url = url

    def call(self, method, path, body=None, **query):
        answer = requests.request(
            method, f"{self.url}/api/v3/{path}", json=body, params=query, timeout=10,
            auth=("sandbox-public-key", "sandbox-private-key"),
        )  # fmt: skip
        assert answer.ok, answer.text
        return answer.json()["response"]

    def hooks(self):
        return [(row["event"], row["target_url"]) for row in self.call("GET", "_resthook", limit=500)]

    def fault(self, kind, method="POST", count=1, seconds=0):
        order = [{"kind": kind, "method": method, "path": "_resthook", "count": count, "seconds": seconds}]
        requests.post(f"{self.url}/_admin/faults", json=order, timeout=10).raise_for_status()

    def configure(self, **switches):
        requests.post(f"{self.url}/_admin/settings", json=switches, timeout=10).raise_for_status()

    def asked(self, method):
        counts = requests.get(f"{self.url}/_admin/requests", timeout=10).json()["counts"]
        return sum(count for name, count in counts.items() if name.startswith(method))


@pytest.fixture(scope="module")
def served():
    company = sandbox.Company(clock=sandbox.Clock(datetime.now(UTC)))
    with serve(sandbox.app(sandbox.furnish(company, company.clock.now()), admin=True)) as running:
        yield Account(running.url)


@pytest.fixture
def account(served, monkeypatch, tmp_path):
    requests.delete(f"{served.url}/_admin/faults", timeout=10)
    served.configure(page_limit=500)
    for row in served.call("GET", "_resthook", limit=500):
        served.call("DELETE", f"_resthook/{row['id']}")
    for name, value in environment(served, tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return served


def environment(account, home):
    return {
        "CHARGEOVER_URL": account.url,
        "CHARGEOVER_PUBLIC_KEY": "sandbox-public-key",
        "CHARGEOVER_PRIVATE_KEY": "sandbox-private-key",
        "CHARGEOVER_WEBHOOK_SECRET": "sandbox-webhook-secret",
        "DAGSTER_HOME": str(home),
    }


@pytest.fixture
def hooks(account):
    return Hooks(account.url, "sandbox-public-key", "sandbox-private-key", patience=Patience(first_wait_seconds=0.001))


@pytest.fixture
def listening(account, tmp_path):
    """A ``co2sf listen`` of its own process; its address is in the line that it prints."""
    program = "import sys; sys.argv = ['co2sf', 'listen', '--port', '0']; from pipelines.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=os.environ | environment(account, tmp_path) | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as running:  # fmt: skip
        running.line = first_line(running)
        running.url = running.line.split()[2]
        yield running
        running.kill()


def first_line(running):
    lines = queue.Queue()
    threading.Thread(target=lambda: lines.put(running.stdout.readline()), daemon=True).start()
    line = lines.get(timeout=60)
    assert line.startswith("Listening on "), line or running.stderr.read()
    return line


def test_every_known_event_is_registered_once_however_often_it_is_asked_for(co2sf, account):
    first = co2sf("webhooks", "register", "--url", address)
    again = co2sf("webhooks", "register", "--url", address)

    known = {"customer", "user", "package", "invoice", "transaction"}
    taken = [event for event in EVENTS if event.partition(".")[0] in known]
    assert (first.code, again.code) == (0, 0)
    assert account.hooks() == [(event, address) for event in taken]
    assert first.lines[0].startswith("customer.insert: registered (id ")
    assert sum("was registered before (id " in line for line in again.lines) == len(taken)
    assert "quote.insert: refused by ChargeOver POST /api/v3/_resthook: HTTP 400, " in again.out
    assert len(first.lines) == len(again.lines) == len(EVENTS)


def test_the_known_events_are_those_of_the_catalogs_objects():
    assert {event.partition(".")[0] for event in EVENTS} == set(CATALOG)


def test_only_the_asked_events_are_registered(co2sf, account):
    told = co2sf("webhooks", "register", "--url", address, "--event", "customer.delete", "--json")

    assert account.hooks() == [("customer.delete", address)]
    assert [each["event"] for each in json.loads(told.out)] == ["customer.delete"]


def test_the_same_event_for_another_address_is_another_hook(co2sf, account):
    for url in (address, "https://other.example.com/hooks"):
        assert co2sf("webhooks", "register", "--url", url, "--event", "user.update").code == 0

    assert account.hooks() == [("user.update", address), ("user.update", "https://other.example.com/hooks")]


def test_a_refused_event_is_told_and_the_others_are_registered(co2sf, account):
    told = co2sf("webhooks", "register", "--url", address, "--event", "nonsense", "--event", "user.update")

    assert told.code == 0
    assert told.lines[0].startswith("nonsense: refused by ChargeOver POST /api/v3/_resthook: HTTP 400, ")
    assert account.hooks() == [("user.update", address)]


def test_it_fails_when_no_event_was_accepted(co2sf, account):
    told = co2sf("webhooks", "register", "--url", address, "--event", "nonsense")

    assert told.code == 2
    assert told.err == (
        "co2sf: webhooks: ChargeOver refused every event for 'https://hooks.example.com/'; "
        "check the address and the API key\n"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "https://hooks.example.com:8443/",
        "https://93.184.216.34/",
        "https://[2001:db8::1]/",
        "https://",
        "https://hooks.example.com:port/",
        "hooks.example.com",
        "ftp://hooks.example.com",
        "",
    ],
)
def test_an_address_that_chargeover_would_not_send_to_is_not_registered(co2sf, account, url):
    told = co2sf("webhooks", "register", "--url", url)

    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert f"--url {url!r}: ChargeOver " in told.err
    assert account.hooks() == []


@pytest.mark.parametrize("url", ["https://hooks.example.com:443/a", "https://hooks.example.com:80", address])
def test_https_on_the_usual_ports_is_taken(co2sf, account, url):
    assert co2sf("webhooks", "register", "--url", url, "--event", "user.update").code == 0


def test_a_sandbox_may_be_given_any_address(co2sf, account):
    url = "http://127.0.0.1:8099/"

    assert co2sf("webhooks", "register", "--url", url, "--event", "user.update", "--insecure").code == 0
    assert account.hooks() == [("user.update", url)]
    assert co2sf("webhooks", "register", "--url", "ftp://x", "--insecure").code == 2


@pytest.mark.parametrize("page_limit", [500, 5])
def test_list_shows_all_hooks_whatever_a_page_holds(co2sf, account, page_limit):
    account.configure(page_limit=page_limit)
    assert co2sf("webhooks", "list").out == "No webhooks are registered.\n"
    assert json.loads(co2sf("webhooks", "list", "--json").out) == []
    for number in range(12):
        account.call("POST", "_resthook", {"target_url": f"https://example.com/{number}", "event": "user.update"})

    found = json.loads(co2sf("webhooks", "list", "--json").out)
    assert [each["url"] for each in found] == [f"https://example.com/{number}" for number in range(12)]
    assert found[0].keys() == {"id", "event", "url"}


def test_remove_takes_away_what_goes_to_an_address_or_has_an_id_and_nothing_else(co2sf, account):
    for event in ("user.update", "user.insert"):
        account.call("POST", "_resthook", {"target_url": address, "event": event})
    kept = account.call("POST", "_resthook", {"target_url": f"{address}other", "event": "user.update"})["id"]

    assert len(json.loads(co2sf("webhooks", "remove", "--url", address, "--json").out)) == 2
    assert account.hooks() == [("user.update", f"{address}other")]
    assert co2sf("webhooks", "remove", "--id", kept).code == 0
    assert account.hooks() == []


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ((), "give either --url or --id"),
        (("--url", address, "--id", 5), "give either --url or --id"),
        (("--url", "https://nobody.example.com/"), "no webhook has --url 'https://nobody.example.com/'"),
        (("--id", 999_999), "no webhook has --id 999999"),
    ],
)
def test_remove_of_nothing_says_so_and_removes_nothing(co2sf, account, words, text):
    account.call("POST", "_resthook", {"target_url": address, "event": "user.update"})

    told = co2sf("webhooks", "remove", *words)

    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert text in told.err
    assert len(account.hooks()) == 1


@pytest.mark.parametrize("fault", ["lost_answer", "cut_json"])
def test_a_lost_answer_makes_no_second_hook(co2sf, account, fault):
    account.fault(fault)

    told = co2sf("webhooks", "register", "--url", address, "--event", "user.update")

    assert told.code == 0
    assert told.out.startswith("user.update: registered (id ")
    assert account.hooks() == [("user.update", address)]


@pytest.mark.parametrize("fault", ["drop", "500", "503", "429", "html"])
def test_a_hook_that_was_not_made_is_asked_for_again(account, hooks, fault):
    account.fault(fault)

    hook = hooks.register(address, "user.update")

    assert account.hooks() == [("user.update", address)]
    assert hook == hooks.all()[0]


def test_the_hook_of_another_address_is_not_taken_for_a_lost_one(account, hooks):
    hooks.register("https://other.example.com/", "user.update")
    account.fault("drop")

    hooks.register(address, "user.update")

    assert account.hooks() == [("user.update", "https://other.example.com/"), ("user.update", address)]


def test_when_chargeover_asks_for_a_long_pause_it_is_left_alone(account, hooks):
    account.fault("429_retry_after", seconds=120)
    before = account.asked("POST"), account.asked("GET")

    with pytest.raises(TryLater, match="left alone"):
        hooks.register(address, "user.update")

    assert (account.asked("POST"), account.asked("GET")) == (before[0] + 1, before[1])


def test_after_three_tries_it_is_left_for_later(account, hooks):
    account.fault("503", count=9)
    before = account.asked("POST")

    with pytest.raises(TryLater, match="HTTP 503"):
        hooks.register(address, "user.update")

    assert account.asked("POST") - before == 3
    assert account.hooks() == []


@pytest.mark.parametrize("fault", ["lost_answer", "drop", "cut_json", "503"])
def test_a_lost_answer_to_a_removal_is_no_failure(account, hooks, fault):
    hook = hooks.register(address, "user.update")
    account.fault(fault, "DELETE")

    assert hooks.remove(hook.id) is True
    assert account.hooks() == []
    assert hooks.remove(hook.id) is False


def test_a_refusal_is_not_repeated(account, hooks):
    before = account.asked("POST")

    with pytest.raises(QuestionRefused):
        hooks.register(address, "nonsense")

    assert account.asked("POST") - before == 1


def test_what_is_no_chargeover_is_said_in_one_line(co2sf, account, monkeypatch):
    monkeypatch.setenv("CHARGEOVER_PRIVATE_KEY", "wrong-key-value")
    told = co2sf("webhooks", "list")
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert "HTTP 401" in told.err
    assert "wrong-key-value" not in told.err


def test_an_account_that_cannot_be_reached_is_said_so():
    hooks = Hooks("http://127.0.0.1:1", "public", "private", patience=Patience(first_wait_seconds=0.001))

    for ask in (hooks.all, lambda: hooks.register(address, "user.update"), lambda: hooks.remove(1)):
        with pytest.raises(TryLater, match="cannot be reached"):
            ask()


@pytest.mark.parametrize("rows", ["whatever", [{"event": "user.update"}], [{"id": "x"}], [7], {"id": 5}])
def test_a_list_that_is_none_is_said_so(rows):
    async def answer(_):
        return JSONResponse({"code": 200, "status": "OK", "message": "", "response": rows})

    app = Starlette(routes=[Route("/api/v3/_resthook", answer)])
    with serve(app) as running, pytest.raises(FixAccess, match="check CHARGEOVER_URL"):
        Hooks(running.url, "public", "private").all()


def test_a_list_that_takes_no_offset_is_read_once():
    async def answer(_):
        return JSONResponse({"response": [{"id": "5", "event": "user.update", "target_url": address}]})

    with serve(Starlette(routes=[Route("/api/v3/_resthook", answer)])) as running:
        assert Hooks(running.url, "public", "private").all() == [Hook(5, "user.update", address)]


@pytest.mark.parametrize("command", [("listen",), ("webhooks",)])
def test_help_is_whole_sentences(co2sf, command):
    told = co2sf(*command, "--help")

    assert told.code == 0
    assert "..." not in told.out.replace("[ARGS]...", "")


@pytest.mark.parametrize("secret", [None, "", "  "])
def test_listen_without_a_secret_says_what_to_set(co2sf, account, monkeypatch, secret):
    if secret is None:
        monkeypatch.delenv("CHARGEOVER_WEBHOOK_SECRET")
    else:
        monkeypatch.setenv("CHARGEOVER_WEBHOOK_SECRET", secret)

    told = co2sf("listen")

    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert "CHARGEOVER_WEBHOOK_SECRET; set it" in told.err


def test_listen_on_a_port_that_is_taken_says_so(co2sf, account):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = co2sf("listen", "--port", taken.getsockname()[1])

    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert "choose another with --host and --port" in told.err


@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_listen_keeps_what_chargeover_sends_until_it_is_told_to_end(co2sf, account, listening, tmp_path, by):
    assert co2sf("webhooks", "register", "--url", listening.url, "--event", "customer.insert", "--insecure").code == 0

    customer = account.call("POST", "customer", {"company": "Acme Corp"})["id"]
    eventually(lambda: requests.get(f"{listening.url}health", timeout=10).json()["deliveries"]["received"] == 1)
    refused = requests.post(listening.url, b"{}", headers={"X-ChargeOver-Key": "wrong"}, timeout=10)
    listening.send_signal(by)

    assert listening.wait(timeout=30) == 0
    with open_ledger(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        assert set(ledger.hints("customer")) == {customer}
    said = listening.line + listening.stdout.read() + listening.stderr.read()
    assert refused.status_code == 401
    assert said.count("\n") == 2
    assert "webhook refused with 401: X-ChargeOver-Key is not the secret" in said
    assert "sandbox-webhook-secret" not in said
    assert "Acme" not in said


def test_check_does_not_import_a_web_server():
    code = (
        "import sys; sys.argv = ['co2sf', 'check', '--help']\n"
        "from pipelines.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.exit(any(name.partition('.')[0] in {'starlette', 'uvicorn', 'dagster'} for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], env=os.environ, timeout=60, check=False).returncode == 0


def eventually(is_so):
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
