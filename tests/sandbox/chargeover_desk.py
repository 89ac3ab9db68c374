"""A client's desk for the tests: calls the ChargeOver sandbox over HTTP and checks what every answer must be."""

from datetime import UTC, datetime
from urllib.parse import urlencode

NOON = datetime(2026, 3, 10, 18, 0, 0, tzinfo=UTC)
KEYS = ("sandbox-public-key", "sandbox-private-key")


class Account:
    """One account, its company and the HTTP session that speaks to it."""

    def __init__(self, url, session, company):
        self.url, self.session, self.company = url, session, company

    def ask(self, method, path, body=None, **parameters):
        query = f"?{urlencode(parameters)}" if parameters else ""
        return self.session.request(method, f"{self.url}/api/v3/{path}{query}", json=body, auth=KEYS, timeout=10)

    def _response(self, code, answer):
        envelope = answer.json()
        assert answer.status_code == envelope["code"] == code, envelope["message"]
        assert (envelope["status"], envelope["message"], envelope["details"]) == ("OK", "", {})
        return envelope["response"]

    def get(self, path, **parameters):
        return self._response(200, self.ask("GET", path, **parameters))

    def create(self, path, **body):
        answer = self.ask("POST", path, body)
        row_id = self._response(201, answer)["id"]
        assert answer.headers["Location"].endswith(f"/api/v3/{path.partition('?')[0]}/{row_id}")
        return row_id

    def update(self, path, **body):
        return self._response(202, self.ask("PUT", path, body))

    def act(self, path, **body):
        return self._response(200, self.ask("POST", path, body))

    def delete(self, path):
        assert self._response(200, self.ask("DELETE", path)) is True

    def refused(self, code, method, path, body=None, **parameters):
        envelope = self.ask(method, path, body, **parameters).json()
        assert (envelope["code"], envelope["status"], envelope["details"]) == (code, "Error", {})
        assert envelope["response"] is (None if code == 404 else False)
        return envelope["message"]

    def admin(self, path, body=None):
        method = "GET" if body is None else "POST"
        answer = self.session.request(method, f"{self.url}/_admin/{path}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def pass_time(self, **parts):
        self.company.clock.advance(parts.get("seconds", 0) + 86400 * parts.get("days", 0))

    # The little world most tests begin with.
    def customer(self, **more):
        return self.create("customer", **{"company": "Papertrail Ltd", **more})

    def item(self, base="500", **more):
        price = {"base": base, "paycycle": "mon", "pricemodel": "fla"}
        return self.create("item", **{"name": "Big Plan", "type": "service", "pricemodel": price, **more})

    def package(self, customer_id, item_id, **more):
        return self.create("package", customer_id=customer_id, line_items=[{"item_id": item_id}], **more)

    def invoice(self, customer_id, total="4500", **more):
        line = {"item_id": self.item(total), "line_rate": total, "line_quantity": 1}
        return self.create("invoice", customer_id=customer_id, line_items=[line], **more)

    def pay(self, customer_id, amount, **more):
        body = {"customer_id": customer_id, "amount": amount, "transaction_type": "pay", "gateway_method": "check"}
        return self.create("transaction", **{**body, "gateway_status": 1, **more})
