"""The webhook receiver over HTTP: what it takes, what it refuses, and that nothing but the named record matters."""

import json
import logging
import random
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.chargeover.receiver import MOST_BYTES, receiver
from pipelines.errors import FixAccess, TryLater
from pipelines.ledger import open_ledger
from sandbox import chargeover as sandbox
from sandbox.serving import serve

secret = "sandbox-webhook-secret"


class Inbox:
    """Stands where the ledger's inbox would: keeps what is noted; ``fault`` is raised instead, ``gate`` holds it up."""

    def __init__(self):
        self.noted, self.fault, self.gate = [], None, threading.Event()
        self.gate.set()

    def note(self, name, record_ids, signal):
        self.gate.wait(10)
        if self.fault:
            raise self.fault
        self.noted.append((name, *record_ids, signal))


class Sender:
    """Sends what ChargeOver would, or what it never would, to a receiver that writes to ``inbox``."""

    def __init__(self):
        self.url, self.inbox, self.before = "", Inbox(), {}

    def note(self, *hint):
        self.inbox.note(*hint)

    def reset(self, inbox):
        self.inbox, self.before = inbox, self.all_counts()

    def post(self, body, key=secret):
        headers = {"Content-Type": "application/json"} | ({} if key is None else {"X-ChargeOver-Key": key})
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return requests.post(f"{self.url}/", data, headers=headers, timeout=10).status_code

    def tell(self, context="customer", context_id=7, **others):
        fields = {"context_str": context, "context_id": context_id, "event": "update", "security_token": secret}
        return self.post({**fields, **others})

    def all_counts(self):
        return requests.get(f"{self.url}/health", timeout=10).json()["deliveries"]

    def counts(self):
        return {name: count - self.before[name] for name, count in self.all_counts().items()}


@pytest.fixture(scope="module")
def standing():
    sender = Sender()
    with serve(receiver(secret, sender.note)) as running:
        sender.url = running.url
        yield sender


@pytest.fixture
def inbox():
    inbox = Inbox()
    yield inbox
    inbox.gate.set()


@pytest.fixture
def sender(standing, inbox):
    standing.reset(inbox)
    return standing


class Wired:
    """An inbox that is the ledger's own."""

    def __init__(self, ledger):
        self.ledger = ledger

    def note(self, name, record_ids, signal):
        self.ledger.note(name, record_ids, signal, datetime.now(UTC))


@pytest.fixture
def wired(sender, ledger):
    sender.inbox = Wired(ledger)
    return sender


@pytest.fixture
def ledger(tmp_path):
    with open_ledger(f"sqlite:///{tmp_path}/ledger.db") as opened:
        yield opened


def raw(url, head, pieces):
    """Send a request piece by piece until the server hangs up; its status line, and how many pieces it let in."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        sent = 0
        try:
            connection.sendall(head)
            for piece in pieces:
                connection.sendall(piece)
                sent += 1
        except (BrokenPipeError, ConnectionResetError):
            pass
        return connection.recv(1000).partition(b"\r\n")[0].decode(), sent


def test_a_delivery_is_kept_as_the_record_it_names(sender, inbox):
    assert sender.tell("invoice", 10041) == 200
    assert inbox.noted == [("invoice", 10041, "webhook")]
    assert sender.counts() == {"received": 1, "refused": 0, "unknown": 0, "failed": 0}


@pytest.mark.parametrize("record_id", ["569", "0569"])
def test_an_id_may_be_a_text(sender, inbox, record_id):
    assert sender.tell("package", record_id) == 200
    assert inbox.noted == [("package", 569, "webhook")]


def test_the_old_name_of_a_package_is_known(sender, inbox):
    assert sender.tell("billing_package", 5) == 200
    assert inbox.noted == [("package", 5, "webhook")]


@pytest.mark.parametrize("context", ["quote", "creditcard", "ach", "item"])
def test_every_object_of_the_catalog_is_taken(sender, inbox, context):
    assert sender.tell(context, 3, event="whatever_this_is") == 200
    assert inbox.noted == [(context, 3, "webhook")]


@pytest.mark.parametrize("context", ["note", "", "Customer", "customer.tags"])
@pytest.mark.parametrize("record_id", [4, "none"])
def test_an_unknown_context_is_counted_and_not_asked_for_again(sender, inbox, context, record_id):
    assert sender.tell(context, record_id) == 200
    assert inbox.noted == []
    assert sender.counts()["unknown"] == 1


@pytest.mark.parametrize(
    "record_id",
    [-1, 0, 2**63, "-1", "0", "9" * 5000, 10**30, 7.0, "7.0", "seven", "", " 7", "\u0667", None, True, [7], {"id": 7}],
)
def test_what_is_no_id_is_refused(sender, inbox, record_id):
    assert sender.tell("customer", record_id) == 400
    assert inbox.noted == []


def test_the_highest_id_is_kept(sender, inbox):
    assert sender.tell("customer", 2**63 - 1) == 200
    assert inbox.noted == [("customer", 2**63 - 1, "webhook")]


@pytest.mark.parametrize("context", [None, 7, ["customer"], {"customer": 1}])
def test_a_context_that_is_no_text_is_refused(sender, inbox, context):
    assert sender.tell(context) == 400
    assert inbox.noted == []


@pytest.mark.parametrize("key", [None, "", "wrong", secret + " more", secret[:-1], "sécret"])
def test_a_delivery_without_the_right_header_is_refused(sender, inbox, key):
    body = json.dumps({"context_str": "customer", "context_id": 7, "security_token": secret}).encode()

    assert sender.post(body, None if key is None else key.encode()) == 401
    assert inbox.noted == []
    assert sender.counts()["refused"] == 1


@pytest.mark.parametrize("token", [None, "", "wrong", secret[:-1], secret + "\x00", 7, [secret], "\ud800"])
def test_a_delivery_without_the_right_token_in_its_body_is_refused(sender, inbox, token):
    assert sender.tell(security_token=token) == 401
    assert inbox.noted == []


def test_the_right_header_alone_does_not_open_the_door_to_a_body_without_token(sender, inbox):
    assert sender.post({"context_str": "customer", "context_id": 7}) == 401
    assert inbox.noted == []


def test_a_secret_of_any_letters_works(inbox):
    odd = "schlüssel 🗝"
    body = {"context_str": "customer", "context_id": 7, "security_token": odd}
    sender = Sender()
    with serve(receiver(odd, inbox.note)) as running:
        sender.url = running.url
        assert sender.post(body, odd.encode()) == 200


@pytest.mark.parametrize("empty", ["", "  "])
def test_without_a_secret_there_is_no_receiver(inbox, empty):
    with pytest.raises(FixAccess, match="CHARGEOVER_WEBHOOK_SECRET"):
        receiver(empty, inbox.note)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"null", b"\xff\xfe", b"[" * 200_000, b"9" * 10_000])
def test_what_is_no_json_object_is_refused(sender, inbox, body):
    assert sender.post(body) == 400
    assert inbox.noted == []


def test_a_body_of_1_mib_is_taken_and_one_byte_more_is_not(sender, inbox):
    fields = {"context_str": "customer", "context_id": 7, "security_token": secret}
    whole = json.dumps({**fields, "data": ""})
    padded = json.dumps({**fields, "data": "x" * (MOST_BYTES - len(whole))}).encode()
    assert len(padded) == MOST_BYTES
    assert sender.post(padded) == 200

    parts = urlsplit(sender.url)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=10)
    connection.putrequest("POST", "/")
    for name, value in {"X-ChargeOver-Key": secret, "Content-Length": MOST_BYTES + 1}.items():
        connection.putheader(name, str(value))
    connection.endheaders()
    answer = connection.getresponse()  # before a single byte of the body was sent
    assert (answer.status, answer.getheader("connection")) == (413, "close")
    answer.close()
    connection.close()
    assert len(inbox.noted) == 1


def test_a_body_without_declared_length_is_cut_off_over_1_mib(sender, inbox):
    head = f"POST / HTTP/1.1\r\nHost: x\r\nX-ChargeOver-Key: {secret}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"

    status, sent = raw(sender.url, head, (piece for _ in range(10_000)))

    assert status == "HTTP/1.1 413 Request Entity Too Large" or "413" in status
    assert sent < 1_000, "the server must hang up, whatever lies in the buffers between"
    assert inbox.noted == []


def test_a_stranger_cannot_make_it_read_for_ever(sender):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nX-ChargeOver-Key: wrong\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"

    status, sent = raw(sender.url, head, (piece for _ in range(10_000)))

    assert "401" in status
    assert sent < 1_000


def test_a_sender_that_hangs_up_leaves_nothing_behind(sender, inbox):
    head = f"POST / HTTP/1.1\r\nHost: x\r\nX-ChargeOver-Key: {secret}\r\nContent-Length: 500\r\n\r\n".encode()
    parts = urlsplit(sender.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(head + b'{"context_str": "customer", "context_id": 7')

    eventually(lambda: sender.counts()["refused"] == 1)
    assert sender.tell() == 200
    assert inbox.noted == [("customer", 7, "webhook")]


def test_other_methods_and_paths_are_not_for_deliveries(sender, inbox):
    assert requests.get(f"{sender.url}/", timeout=10).status_code == 405
    assert requests.post(f"{sender.url}/elsewhere", b"", timeout=10).status_code == 404


def test_a_ledger_that_cannot_be_written_makes_chargeover_repeat(sender, inbox):
    for inbox.fault in (TryLater("ledger: database is locked"), RuntimeError("whatever it was"), OSError("disk full")):
        assert sender.tell() == 503
    inbox.fault = None
    assert sender.tell() == 200
    assert inbox.noted == [("customer", 7, "webhook")]
    assert sender.counts() == {"received": 1, "refused": 0, "unknown": 0, "failed": 3}


def test_a_slow_ledger_does_not_keep_others_from_being_answered(sender, inbox):
    inbox.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(sender.tell)
        assert sender.counts()["received"] == 0
        assert sender.post({}) == 401
        assert sender.tell("note") == 200
        assert not waiting.done()
        inbox.gate.set()
        assert waiting.result(10) == 200
    assert inbox.noted == [("customer", 7, "webhook")]


def test_a_payload_that_lies_changes_nothing(sender, inbox):
    lie = {"invoice": {"invoice_id": 999, "total": 1e9, "balance": 0}, "customer": {"customer_id": 5}}

    assert sender.tell("invoice", 10041, data=lie, event="delete", object="customer", id=3) == 200
    assert inbox.noted == [("invoice", 10041, "webhook")]


def test_no_customer_value_and_no_secret_is_logged(sender, inbox, caplog):
    data = {"customer": {"company": "Acme Corp", "superuser_email": "ada@example.com"}}
    with caplog.at_level(logging.DEBUG):
        sender.tell("customer", 7, data=data)
        sender.tell("customer", "Acme Corp", data=data)
        sender.tell("customer", 7, data=data, security_token="wrong-token")
        sender.post({"context_str": "customer", "data": data}, "wrong-key")
        inbox.fault = RuntimeError("Acme Corp")
        sender.tell("customer", 7, data=data)

    text = caplog.text
    assert text.count("webhook refused") == 3
    assert "webhook not kept" in text
    for value in ("Acme", "ada@", secret, "wrong-token", "wrong-key"):
        assert value not in text


def test_doubled_and_reordered_deliveries_leave_one_hint_per_record(wired, ledger):
    told = [("customer", 1), ("invoice", 2), ("invoice", "2"), ("package", 3), ("billing_package", 3)] * 3
    random.Random(7).shuffle(told)

    assert [wired.tell(*each) for each in told] == [200] * len(told)

    assert {name: set(ledger.hints(name)) for name in ("customer", "invoice", "package")} == {
        "customer": {1},
        "invoice": {2},
        "package": {3},
    }


def test_a_record_that_is_announced_again_after_it_was_followed_is_followed_again(wired, ledger):
    wired.tell("customer", 1)
    followed = ledger.last_hint()
    wired.tell("customer", 1)

    assert set(ledger.hints("customer", after=followed)) == {1}


def test_two_hundred_deliveries_at_once_all_land(wired, ledger):
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: wired.tell("customer", n), range(1, 201)))

    assert answers == [200] * 200
    assert wired.counts()["received"] == 200
    assert set(ledger.hints("customer")) == set(range(1, 201))


class Owner:
    """A ChargeOver account over HTTP, whose webhooks are real."""

    def __init__(self, url, company):
        self.url, self.company = url, company

    def write(self, method, path, **body):
        answer = requests.request(
            method, f"{self.url}/api/v3/{path}", json=body, timeout=10,
            auth=("sandbox-public-key", "sandbox-private-key"),
        )  # fmt: skip
        assert answer.ok, answer.text
        return answer.json()["response"]

    def configure(self, **switches):
        self.company.configure(replace(self.company.settings, **switches))


@pytest.fixture
def owner(company):
    with serve(sandbox.app(company, admin=True)) as chargeover:
        yield Owner(chargeover.url, company)


def test_what_chargeover_sends_lands_by_settings_and_by_hooks(owner, inbox, sender):
    owner.configure(webhook_url=f"{sender.url}/")
    customer = owner.write("POST", "customer", company="Acme Corp")["id"]
    eventually(lambda: ("customer", customer, "webhook") in inbox.noted)
    owner.configure(webhook_url=None)
    owner.write("POST", "_resthook", target_url=f"{sender.url}/", event="customer.delete")
    inbox.noted.clear()

    owner.write("DELETE", f"customer/{customer}")

    eventually(lambda: inbox.noted == [("customer", customer, "webhook")])
    assert sender.counts()["refused"] == 0


def test_what_chargeover_sends_twice_and_out_of_order_is_hinted_at_once(owner, wired, ledger):
    owner.configure(webhook_url=f"{wired.url}/", webhook_doubles=1, webhook_disorder_seconds=0.1)
    customers = {owner.write("POST", "customer", company=f"Customer {n}")["id"] for n in range(5)}
    for customer in customers:
        owner.write("PUT", f"customer/{customer}", company="Renamed")

    eventually(lambda: wired.counts()["received"] == 20)

    assert set(ledger.hints("customer")) == customers


def test_a_delivery_that_could_not_be_kept_lands_when_chargeover_repeats_it(owner, inbox, sender):
    owner.configure(webhook_url=f"{sender.url}/", webhook_tries=1_000, webhook_pause_seconds=0)
    inbox.fault = TryLater("ledger: database is locked")
    customer = owner.write("POST", "customer", company="Acme Corp")["id"]
    eventually(lambda: sender.counts()["failed"] > 2)
    inbox.fault = None

    eventually(lambda: inbox.noted == [("customer", customer, "webhook")])


def eventually(is_so):
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
almost = st.fixed_dictionaries(
    {},
    optional={
        "context_str": st.sampled_from(["customer", "billing_package", "note"]) | values,
        "context_id": st.integers(-(2**70), 2**70) | st.text("0123456789\u0663\u00b2 -+._", max_size=25) | values,
        "security_token": st.just(secret) | values,
        "data": values,
    },
)  # fmt: skip
bodies = st.binary(max_size=50) | almost.map(lambda each: json.dumps(each).encode()) | values.map(
    lambda each: json.dumps(each, ensure_ascii=False).encode("utf-8", "surrogatepass")
)  # fmt: skip


@settings(max_examples=300)
@given(body=bodies)
def test_no_body_makes_it_fail_and_only_ids_reach_the_inbox(standing, body):
    standing.inbox = Inbox()

    status = standing.post(body)

    noted = standing.inbox.noted
    assert status in {200, 400, 401}
    assert all(name in {"customer", "package"} and 0 < n < 2**63 for name, n, _ in noted)
    assert status == 200 or not noted
