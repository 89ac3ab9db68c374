"""Webhooks: what is announced, to whom, how, and what is not."""

import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import loads
from types import SimpleNamespace

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
    events(ear, 2)
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


def test_the_same_subscription_twice_makes_two_hooks_that_both_are_served(loud, ear, company):
    company.configure(replace(company.settings, webhook_url=None))
    hooks = [loud.create("_resthook", target_url=ear.url, event="customer.insert") for _ in range(2)]
    assert hooks[0] != hooks[1]
    loud.customer()
    assert events(ear, 2) == ["customer.insert"] * 2


def test_hooks_are_listed_shown_and_removed(loud, ear):
    first = loud.create("_resthook", target_url=ear.url, event="customer.insert")
    second = loud.create("_resthook", target_url=ear.url, event="invoice.status")
    assert loud.get("_resthook") == [
        {"id": first, "target_url": ear.url, "event": "customer.insert"},
        {"id": second, "target_url": ear.url, "event": "invoice.status"},
    ]
    loud.delete(f"_resthook/{first}")
    assert [row["id"] for row in loud.get("_resthook")] == [second]
    assert loud.get(f"_resthook/{second}")["event"] == "invoice.status"
    loud.refused(404, "GET", f"_resthook/{first}")
    loud.refused(404, "DELETE", f"_resthook/{first}")


def test_an_event_of_an_object_that_sends_none_is_refused(loud, ear):
    hook = {"target_url": ear.url}
    for event in ("quote.insert", "spaceship.insert", "customer", "customer.", "customer.a.b"):
        assert "event" in loud.refused(400, "POST", "_resthook", {**hook, "event": event})
    loud.create("_resthook", **hook, event="package.something")
    loud.admin("settings", {"webhook_contexts": ["quote"]})
    loud.create("_resthook", **hook, event="quote.insert")


def test_only_objects_with_known_events_are_announced_unless_the_account_sends_more(loud, ear):
    customer = loud.customer()
    token = loud.create("tokenized", customer_id=customer, token="cus_1")
    loud.item()
    assert events(ear, 1) == ["customer.insert"]
    loud.admin("settings", {"webhook_contexts": ["tokenized"]})
    loud.create("tokenized", customer_id=customer, token="cus_2")
    loud.delete(f"tokenized/{token}")
    loud.update(f"customer/{customer}", company="Renamed")
    assert events(ear, 3) == ["customer.insert", "tokenized.delete", "tokenized.insert"]


def test_every_event_that_is_known_is_announced(loud, ear):
    customer = loud.customer()
    user = loud.create("user", customer_id=customer, first_name="Ada")
    loud.update(f"user/{user}", first_name="Eve")
    loud.delete(f"user/{user}")
    loud.update(f"customer/{customer}", company="Renamed")
    package = loud.package(customer, loud.item())
    loud.update(f"package/{package}", nickname="New")
    loud.act(f"package/{package}?action=paymethod", paymethod="inv")
    loud.act(f"package/{package}?action=paycycle", paycycle="yrl")
    loud.act(f"package/{package}?action=cancel")
    kept, removed = loud.invoice(customer), loud.invoice(customer)
    loud.update(f"invoice/{kept}", memo="New")
    loud.act(f"invoice/{kept}?action=void")
    loud.delete(f"invoice/{removed}")
    loud.act(f"transaction/{loud.pay(customer, 10)}?action=void")
    loud.delete(f"customer/{customer}")
    assert events(ear, 18) == [
        "customer.delete", "customer.insert", "customer.update",
        "invoice.delete", "invoice.insert", "invoice.insert", "invoice.status", "invoice.update",
        "package.insert", "package.paycycle", "package.paymethod", "package.status", "package.update",
        "transaction.insert", "transaction.void", "user.delete", "user.insert", "user.update",
    ]  # fmt: skip


def many(loud, count):
    """Customers made by one request, so that their events happen in one order."""
    parts = [
        {"request_method": "POST", "uri": "/api/v3/customer", "payload": {"company": f"{n}"}} for n in range(count)
    ]
    assert loud.ask("POST", "_bulk", parts).status_code == 200


def heard_companies(ear):
    return [int(body["data"]["customer"]["company"]) for body, _ in ear.heard]


def test_a_lost_delivery_is_not_made_nor_tried_again_nor_logged(loud, ear):
    loud.admin("settings", {"webhook_loses": 1})
    loud.customer()
    assert events(ear, 0) == []
    assert loud.get("_log_system") == []
    loud.admin("settings", {"webhook_loses": 0})
    loud.customer()
    assert events(ear, 1) == ["customer.insert"]


def test_a_doubled_delivery_is_made_twice(loud, ear):
    loud.admin("settings", {"webhook_doubles": 1})
    loud.customer()
    assert events(ear, 2) == ["customer.insert"] * 2


def test_the_seed_says_which_deliveries_are_lost_and_doubled(loud, ear, company):
    loud.admin("settings", {"webhook_loses": 0.3, "webhook_doubles": 0.3})
    heard = []
    for seed, count in ((0, 15), (0, 15), (1, 20)):
        company.mishaps = chargeover.Company(seed=seed).mishaps
        ear.heard.clear()
        many(loud, 20)
        assert len(events(ear, count)) == count
        heard.append(sorted(heard_companies(ear)))
    assert heard[0] == heard[1] != heard[2]
    assert [len(set(each)) for each in heard] == [14, 14, 13]


def test_the_order_of_deliveries_is_not_that_of_events(loud, ear, company):
    loud.admin("settings", {"webhook_disorder_seconds": 0.2})
    drawn = iter([0.5, 0.5, 1, 0, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0, 0])  # the third of four holds a delivery up
    company.mishaps = SimpleNamespace(random=lambda: next(drawn))
    many(loud, 3)
    assert len(events(ear, 3)) == 3
    assert heard_companies(ear) == [2, 1, 0]


def test_failed_deliveries_are_logged_and_tried_again(loud, ear):
    ear.answers = [500, 301]
    loud.customer()
    assert events(ear, 3) == ["customer.insert"] * 3
    messages = [row["msg"] for row in loud.get("_log_system")]
    assert messages == [f"Webhook 0: {ear.url} returned a non-200 OK response: {code}" for code in (500, 301)]


def test_passing_time_announces_what_turned_overdue(loud, ear):
    package = loud.package(loud.customer(terms_id=3), loud.item())
    invoice = loud.act(f"package/{package}?action=invoice")
    events(ear, 3)
    ear.heard.clear()
    loud.admin("clock", {"advance_seconds": 86400})
    assert events(ear, 2) == ["invoice.status", "package.status"]
    bodies = {body["context_str"]: body["data"] for body, _ in ear.heard}
    assert bodies["invoice"]["invoice"]["invoice_id"] == invoice
    assert bodies["package"]["package"]["package_status_str"] == "active-overdue"
    loud.admin("clock", {"advance_seconds": 86400})
    time.sleep(0.8)
    assert events(ear, 2) == ["invoice.status", "package.status"], "the turn is told once, not every day"
