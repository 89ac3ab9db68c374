"""A ChargeOver account over HTTP on which a test can change answers, and act between two of them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs

from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.session import Patience
from sandbox import chargeover as sandbox
from sandbox.chargeover.dispatch import Request, answer


class Stage:
    """One server for the whole run; before each answer ``before`` may act, and ``edit`` may rewrite the body."""

    def reset(self, app) -> None:
        self.app = app
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.before: Callable[[str, dict[str, str]], None] = lambda path, query: None
        self.edit: Callable[[str, bytes], bytes] | None = None
        self.canned: list[tuple] = []  # status, type, body, further headers

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix("/api/v3/")
        query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        self.asked.append((path, query))
        self.before(path, query)
        if self.canned:
            await _say(send, *self.canned.pop(0))
        elif self.edit:
            await self._edited(path, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _edited(self, path, scope, receive, send) -> None:
        messages = []

        async def keep(message) -> None:
            messages.append(message)

        await self.app(scope, receive, keep)
        body = self.edit(path, b"".join(message.get("body", b"") for message in messages))
        headers = [header for header in messages[0]["headers"] if header[0] != b"content-length"]
        await send({**messages[0], "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})


async def _say(send, status: int, kind: str, body: str, headers=()) -> None:
    said = [(name.encode(), value.encode()) for name, value in {"content-type": kind, **dict(headers)}.items()]
    await send({"type": "http.response.start", "status": status, "headers": said})
    await send({"type": "http.response.body", "body": body.encode()})


def on_list(change):
    """An ``edit`` of the stage that changes the rows of lists."""

    def edit(path, body):
        envelope = json.loads(body)
        if isinstance(envelope["response"], list):
            envelope["response"] = change(envelope["response"])
        return json.dumps(envelope).encode()

    return edit


class Desk:
    """The account as its owner sees it: does things without going through the pipeline."""

    def __init__(self, company) -> None:
        self.company = company

    def call(self, method: str, path: str, body=None, **query):
        found = answer(self.company, Request(method, path, query, body))
        assert found.code < 300, found.body()
        return found.response

    def create(self, kind: str, /, **fields) -> int:
        return self.call("POST", kind, fields)["id"]

    def edit(self, kind: str, record_id: int, /, **fields) -> None:
        self.call("PUT", f"{kind}/{record_id}", fields)

    def act(self, name: str, record_id: int, action: str, **body) -> None:
        self.call("POST", f"{name}/{record_id}", body, action=action)

    def customers(self, count: int) -> list[int]:
        return [self.create("customer", company=f"Customer {number}") for number in range(count)]

    def item(self) -> int:
        return self.create("item", name="Seat", item_type="service", tierset={"base": 10, "pricemodel": "fla"})

    def invoice(self, customer_id: int, rate="80", **fields) -> int:
        line = {"item_id": self.item(), "line_rate": rate, "line_quantity": 1}
        return self.create("invoice", customer_id=customer_id, line_items=[line], **fields)

    def card(self, customer_id: int) -> int:
        return self.create("creditcard", customer_id=customer_id, number="4111111111111111", expdate_year=2030,
                           expdate_month=1, name="Ann Lee")  # fmt: skip

    def pay(self, customer_id: int, invoice_id: int, amount) -> int:
        applied = [{"invoice_id": invoice_id, "applied": amount}]
        return self.create("transaction", customer_id=customer_id, amount=amount, applied_to=applied, gateway_status=1)


def company_of(**settings):
    """A company without customers, with these settings of the account."""
    company = sandbox.Company(sandbox.Settings(**settings), sandbox.Clock(datetime.now(UTC)))
    return sandbox.furnish(company, company.clock.now())


def client_of(stage, **options):
    """A client that does not wait long."""
    patience = Patience(first_wait_seconds=0.001)
    return ChargeOver(stage.url, "sandbox-public-key", "sandbox-private-key", **{"patience": patience, **options})
