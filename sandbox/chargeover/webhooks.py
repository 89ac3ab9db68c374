"""Webhooks: what happened is posted to the configured URL and to the _resthook targets [docs: webhooks].

Headers ``X-ChargeOver-Key`` (the shared secret) and ``X-Chargeover-Source``; the same secret in the body as
``security_token``. No signature, no event id, no time stamp. Success is 200 within 14 seconds; a failed delivery is
written to the system log and tried again; how often and when is unknown and therefore a setting. Deliveries run side by
side, so their order is not the order of events. Which of them are lost, doubled or held up is drawn from the company's
seed, so the same events in the same order meet the same mishaps.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import requests
from starlette.applications import Starlette

from sandbox.chargeover.company import Company
from sandbox.chargeover.objects import KINDS
from sandbox.chargeover.overdue import turned
from sandbox.chargeover.table import Row
from sandbox.chargeover.writing import as_json

SECONDS = 14
_TICK_SECONDS = 0.5


class Webhooks:
    """The deliveries of one account."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._running: set[asyncio.Task[None]] = set()
        self._day = company.today()

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """While the server runs: notice invoices turning overdue; at its end drop what is under way."""
        ticking = asyncio.create_task(self._tick())
        yield
        for task in (ticking, *self._running):
            task.cancel()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            since, self._day = self._day, self._company.today()
            if since < self._day and self._targets("invoice", "status") + self._targets("package", "status"):
                self.take(deque((kind, "status", row) for kind, row in turned(self._company, since)), quiet=False)

    def take(self, happenings: deque[tuple[str, str, Row]], *, quiet: bool) -> None:
        """Send off what happened, unless the request asked for quiet (``_flag_webhooks=0``)."""
        while happenings:
            context, event, row = happenings.popleft()
            targets = [] if quiet else self._targets(context, event)
            body = as_json(payload(self._company, context, event, row)) if targets else b""
            for number, url in targets:
                self._send(number, url, body)

    def _send(self, number: int, url: str, body: bytes) -> None:
        for seconds in self._delays():
            task = asyncio.create_task(self._deliver(number, url, body, seconds))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    def _delays(self) -> list[float]:
        """When the deliveries of one event to one target are made: one, two, or none."""
        settings, chance = self._company.settings, self._company.mishaps
        # All are drawn each time, so that one switch does not change what another one hits.
        lost, doubled, first, second = (chance.random() for _ in range(4))
        if lost < settings.webhook_loses:
            return []
        delays = [first, second] if doubled < settings.webhook_doubles else [first]
        return [each * settings.webhook_disorder_seconds for each in delays]

    def _targets(self, context: str, event: str) -> list[tuple[int, str]]:
        if context not in self._company.settings.webhook_contexts:
            return []
        hooks = self._company.tables["_resthook"]
        found = [(hook["id"], hook["target_url"]) for hook in hooks if hook["event"] == f"{context}.{event}"]
        url = self._company.settings.webhook_url
        return found if url is None else [(0, url), *found]

    async def _deliver(self, number: int, url: str, body: bytes, seconds: float) -> None:
        settings = self._company.settings
        await asyncio.sleep(seconds)
        for wait in range(settings.webhook_tries):
            await asyncio.sleep(wait * settings.webhook_pause_seconds)
            outcome = await asyncio.to_thread(_post, url, body, settings.webhook_secret, settings.host)
            if outcome == "200":
                return
            message = f"Webhook {number}: {url} returned a non-200 OK response: {outcome}"
            self._company.tables["_log_system"].add({"msg": message, "log_datetime": self._company.clock.now()})


def _post(url: str, body: bytes, secret: str, host: str) -> str:
    headers = {"Content-Type": "application/json", "X-ChargeOver-Key": secret, "X-Chargeover-Source": host}
    try:
        return str(requests.post(url, body, headers=headers, timeout=SECONDS, allow_redirects=False).status_code)
    except requests.RequestException as problem:
        return type(problem).__name__


def payload(company: Company, context: str, event: str, row: Row) -> Row:
    """What is posted: the object as GET by id shows it, with its customer and main contact beside it."""
    data = {context: KINDS[context].shown(company, row, alone=True)}
    customer = company.tables["customer"].get(row.get("customer_id"))
    if customer is not None:
        data["customer"] = KINDS["customer"].shown(company, customer, alone=True)
        user = company.tables["user"].get(customer.get("superuser_id"))
        if user is not None and context != "user":
            data["user"] = KINDS["user"].shown(company, user)
    return {
        "context_str": context,
        "context_id": row[KINDS[context].key],
        "event": event,
        "data": data,
        "security_token": company.settings.webhook_secret,
    }
