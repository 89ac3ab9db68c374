"""Webhooks: what is announced, to whom, how, and what is not."""

import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import loads

import pytest
from chargeover_desk import Account

from sandbox import chargeover
from sandbox.serving import serve


@pytest.fixture
def ear():
    """A listener that keeps what is posted to it; ``ear.answers`` are its next status codes, then 200."""

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.heard.append((loads(body), dict(self.headers)))
            self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    server.heard, server.answers = [], []
    server.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def loud(company, ear, salesforce_http):
    company.configure(replace(company.settings, webhook_url=ear.url, webhook_pause_seconds=0.05))
    with serve(chargeover.app(company, admin=True)) as running:
        yield Account(running.url, salesforce_http, company)


def events(ear, count):
    """The events heard, once there are ``count`` of them; a moment longer, to hear one too many."""
    end = time.monotonic() + 5
    while len(ear.heard) < count and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.1)
    return sorted(f"{body['context_str']}.{body['event']}" for body, _ in ear.heard)


def test_a_payload_carries_the_object_its_customer_and_the_secret(loud, ear):
    customer = loud.customer(superuser_first_name="Ada")
    events(ear, 2)
    ear.heard.clear()
    payment = loud.pay(customer, 10)
    assert events(ear, 1) == ["transaction.insert"]
    body, headers = ear.heard[0]
    assert (body["context_str"], body["context_id"], body["event"]) == ("transaction", payment, "insert")
    assert body["data"]["transaction"]["applied_to"] == []
    assert body["data"]["customer"]["customer_id"] == customer
    assert body["data"]["user"]["first_name"] == "Ada"
    assert body["security_token"] == headers["X-ChargeOver-Key"] == "sandbox-webhook-secret"
    assert headers["X-Chargeover-Source"] == "sandbox.chargeover.example"


def test_a_payment_announces_a_status_and_no_update_of_the_invoice(loud, ear):
    customer = loud.customer()
    invoice = loud.invoice(customer)
    events(ear, 3)
    ear.heard.clear()
    loud.pay(customer, 10, applied_to=[{"invoice_id": invoice}])
    loud.pay(customer, 4490, applied_to=[{"invoice_id": invoice}])
    assert events(ear, 3) == ["invoice.status", "transaction.insert", "transaction.insert"]


def test_a_failed_payment_is_announced_too(loud, ear):
    loud.pay(loud.customer(), 10, gateway_status=0)
    assert events(ear, 2) == ["customer.insert", "transaction.insert"]


def test_only_a_webhook_tells_of_a_delete(loud, ear):
    customer = loud.customer()
    loud.delete(f"customer/{customer}")
    assert events(ear, 2) == ["customer.delete", "customer.insert"]


def test_quiet_writes_are_not_announced(loud, ear):
    answer = loud.ask("POST", "customer", {"company": "Quiet"}, _flag_webhooks=0)
    assert answer.status_code == 201
    loud.customer()
    assert events(ear, 1) == ["customer.insert"]


def test_refused_writes_are_not_announced(loud, ear):
    loud.refused(400, "POST", "customer", {"company": "x", "terms_id": 99})
    assert events(ear, 0) == []


def test_hooks_hear_their_event_until_they_are_removed(loud, ear, company):
    company.configure(replace(company.settings, webhook_url=None))
    hook = loud.create("_resthook", target_url=ear.url, event="customer.update")
    customer = loud.customer()
    loud.update(f"customer/{customer}", company="Renamed")
    assert events(ear, 1) == ["customer.update"]
    loud.delete(f"_resthook/{hook}")
    loud.update(f"customer/{customer}", company="Again")
    assert events(ear, 1) == ["customer.update"]
    loud.refused(400, "POST", "_resthook", {"target_url": "ftp://x", "event": "customer.update"})


def test_failed_deliveries_are_logged_and_tried_again(loud, ear):
    ear.answers = [500, 301]
    loud.customer()
    assert events(ear, 3) == ["customer.insert"] * 3
    messages = [row["msg"] for row in loud.get("_log_system")]
    assert messages == [f"Webhook 0: {ear.url} returned a non-200 OK response: {code}" for code in (500, 301)]


def test_passing_time_announces_what_turned_overdue(loud, ear):
    package = loud.package(loud.customer(terms_id=3), loud.item())
    invoice = loud.act(f"package/{package}?action=invoice")
    events(ear, 4)
    ear.heard.clear()
    loud.admin("clock", {"advance_seconds": 86400})
    assert events(ear, 2) == ["invoice.status", "package.status"]
    bodies = {body["context_str"]: body["data"] for body, _ in ear.heard}
    assert bodies["invoice"]["invoice"]["invoice_id"] == invoice
    assert bodies["package"]["package"]["package_status_str"] == "active-overdue"
    loud.admin("clock", {"advance_seconds": 86400})
    time.sleep(0.8)
    assert events(ear, 2) == ["invoice.status", "package.status"], "the turn is told once, not every day"
