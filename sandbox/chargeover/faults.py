"""Trouble on request: a queue of faults that the next matching requests meet.

No rate limit of ChargeOver is documented; 429 comes with and without Retry-After so that a client must stand both.
"empty" is an outage that answers: whatever is read is not there, in an answer that is otherwise in order (inferred).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.chargeover.clock import Clock
from sandbox.chargeover.traffic import Traffic

KINDS = ("429", "429_retry_after", "500", "502", "503", "html", "cut_json", "slow", "drop", "lost_answer", "empty")
_REACHES_APP = frozenset({"cut_json", "slow", "lost_answer", "empty"})
_PAGE = b"<html><head><title>Service Unavailable</title></head><body><h1>We will be right back</h1></body></html>"


@dataclass(slots=True)
class Fault:
    """One kind of trouble for ``count`` requests whose method and path fit: the next ones, or ``every`` n-th.

    ``over_limit_of``: only for requests whose ``limit`` is larger, so that a client that asks for less gets through.
    """

    kind: str
    method: str = ""
    path: str = ""
    count: int = 1
    seconds: float = 1.0
    over_limit_of: int = 0
    every: int = 1
    met: int = 0

    def strikes(self, scope: Scope) -> bool:
        """Whether it happens to this request; counts those that it lets pass."""
        if not self.fits(scope):
            return False
        self.met += 1
        return self.met % self.every == 0

    def fits(self, scope: Scope) -> bool:
        """Whether a request is one that this fault waits for; only reading can be answered "empty"."""
        query = scope["query_string"].decode("latin-1")
        if self.method not in ("", scope["method"]) or self.path not in f"{scope['path']}?{query}":
            return False
        if self.kind == "empty" and scope["method"] != "GET":
            return False
        return not self.over_limit_of or _limit(query) > self.over_limit_of


def _limit(query: str) -> int:
    asked = parse_qs(query).get("limit", [""])[0]
    return int(asked) if asked.isdecimal() else 0


def fault_of(asked: Any) -> Fault:  # noqa: ANN401 -- any JSON value
    """A fault as the admin path describes it; ValueError with the reason when it describes none."""
    try:
        kind, rows = str(asked["kind"]), int(asked.get("over_limit_of", 0))
        fault = Fault(**{**asked, "kind": kind, "over_limit_of": rows})
    except (TypeError, KeyError, ValueError) as problem:
        names = ", ".join(each.name for each in fields(Fault))
        raise ValueError(f"a fault is {{{names}}}, not {asked!r}") from problem
    if fault.kind not in KINDS:
        raise ValueError(f"no fault is called {fault.kind!r}; there are {', '.join(KINDS)}")
    return fault


class Faults:
    """ASGI: lets the queued faults happen before, instead of or after what the app does; ``clock`` dates refusals."""

    def __init__(self, app: ASGIApp, traffic: Traffic, clock: Clock) -> None:
        self.app = app
        self._traffic = traffic
        self._clock = clock
        self.queue: list[Fault] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, with the first fault that fits it."""
        fault = self._next(scope) if scope["type"] == "http" and not scope["path"].startswith("/_admin") else None
        if fault is None:
            await self.app(scope, receive, send)
            return
        scope["sandbox.fault"], scope["sandbox.date"] = fault.kind, self._clock.http_date()
        if fault.kind not in _REACHES_APP:
            self._traffic.note(scope["method"], scope["path"], scope["query_string"].decode("latin-1"), fault.kind)
        await _HAPPENINGS.get(fault.kind, _refuse)(self.app, fault, (scope, receive, send))

    def _next(self, scope: Scope) -> Fault | None:
        for fault in self.queue:
            if fault.strikes(scope):
                fault.count -= 1
                if fault.count <= 0:
                    self.queue.remove(fault)
                return fault
        return None


Exchange = tuple[Scope, Receive, Send]


async def _refuse(_: ASGIApp, fault: Fault, exchange: Exchange) -> None:
    status = int(fault.kind.partition("_")[0]) if fault.kind != "html" else 503
    headers = [(b"content-type", b"text/html" if fault.kind in {"html", "502"} else b"application/json")]
    headers.append((b"date", exchange[0]["sandbox.date"].encode()))
    if fault.kind == "429_retry_after":
        headers.append((b"retry-after", str(int(fault.seconds)).encode()))
    text = (
        f'{{"code":{status},"status":"Error","message":"Sandbox fault {fault.kind}.","details":{{}},"response":false}}'
    )
    await exchange[2]({"type": "http.response.start", "status": status, "headers": headers})
    body = _PAGE if fault.kind in {"html", "502"} else text.encode()
    await exchange[2]({"type": "http.response.body", "body": body})


async def _slow(app: ASGIApp, fault: Fault, exchange: Exchange) -> None:
    await asyncio.sleep(fault.seconds)
    await app(*exchange)


async def _cut(app: ASGIApp, _: Fault, exchange: Exchange) -> None:
    """Half of the answer, as a whole HTTP message."""
    scope, receive, send = exchange
    started: list[Message] = []

    async def cut(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
            return
        half = message["body"][: max(1, len(message["body"]) // 2)]
        headers = [(name, value) for name, value in started[0]["headers"] if name != b"content-length"]
        await send({**started[0], "headers": [*headers, (b"content-length", str(len(half)).encode())]})
        await send({"type": "http.response.body", "body": half})

    await app(scope, receive, cut)


async def _pass_on(app: ASGIApp, _: Fault, exchange: Exchange) -> None:
    await app(*exchange)


async def _drop(_: ASGIApp, __: Fault, exchange: Exchange) -> None:
    await _hang_up(exchange[0])


async def _lose(app: ASGIApp, _: Fault, exchange: Exchange) -> None:
    """Do what is asked and hang up instead of answering."""

    async def nowhere(_message: Message) -> None:
        return

    await app(exchange[0], exchange[1], nowhere)
    await _hang_up(exchange[0])


async def _hang_up(scope: Scope) -> None:
    scope["extensions"]["sandbox.hang_up"]["now"]()
    await asyncio.sleep(0.01)


_HAPPENINGS: dict[str, Callable[..., Any]] = {
    "slow": _slow,
    "cut_json": _cut,
    "drop": _drop,
    "lost_answer": _lose,
    "empty": _pass_on,
}
